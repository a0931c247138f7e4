"""The authorisation grid: every operation and event tried with every kind of caller."""
