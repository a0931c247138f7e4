"""Faults of HTTP semantics."""
