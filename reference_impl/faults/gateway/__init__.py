"""Faults of the gateway."""
