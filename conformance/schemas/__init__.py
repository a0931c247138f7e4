"""Schemas: what composed ones permit together, which members are free, and values of each."""
