"""Checks of asynchronous jobs."""
