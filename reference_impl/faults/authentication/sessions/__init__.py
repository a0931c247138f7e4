"""Faults of sessions: what a browser holds, and how one logs in."""
