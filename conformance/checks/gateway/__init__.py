"""Checks of the gateway."""
