"""Faults of asynchronous jobs."""
