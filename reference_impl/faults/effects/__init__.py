"""Faults of effects: idempotency, the ledger, consistency."""
