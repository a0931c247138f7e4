"""The requests of the suite: arranged, generated, invalid, interrupted and concurrent ones."""
