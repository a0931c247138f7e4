"""The authorisation grid: every operation and every event with every kind of caller."""
