"""Who asks: accounts, their credentials, forged and malformed tokens."""
