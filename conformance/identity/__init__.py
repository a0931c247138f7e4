"""Identities: accounts and their credentials, forged and malformed tokens."""
