"""Faults of the authorization endpoint."""
