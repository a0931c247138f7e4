"""Faults of scopes and roles."""
