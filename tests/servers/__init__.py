"""Servers that others wrote, started from their registries and judged by the suite: `python -m servers NAME`."""
