"""Faults of authentication."""
