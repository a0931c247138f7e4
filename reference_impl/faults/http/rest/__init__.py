"""Faults of REST: resources, their methods, and the moments in them."""
