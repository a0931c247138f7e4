"""Faults of idempotency: what a repeat does, and what counts as one."""
