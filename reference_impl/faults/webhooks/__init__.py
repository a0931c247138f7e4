"""Faults of webhooks."""
