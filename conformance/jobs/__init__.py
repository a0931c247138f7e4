"""Asynchronous jobs: their state, their items, their progress."""
