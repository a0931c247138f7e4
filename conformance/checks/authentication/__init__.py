"""Checks of authentication."""
