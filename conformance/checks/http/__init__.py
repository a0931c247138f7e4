"""Checks of HTTP semantics."""
