"""Entities and rules; they raise, and never answer."""
