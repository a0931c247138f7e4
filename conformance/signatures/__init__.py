"""Signature schemes as data, and the verification of signed deliveries."""
