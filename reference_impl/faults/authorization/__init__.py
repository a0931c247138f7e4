"""Faults of authorization."""
