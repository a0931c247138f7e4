"""Faults of robustness: inputs that are odd, extreme or large."""
