"""Faults of what is special to the contract: its links, and following them."""
