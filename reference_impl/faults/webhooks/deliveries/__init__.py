"""Faults of deliveries: what is told to whom, and how it is attempted."""
