"""Checks of effects: idempotency, the ledger, consistency."""
