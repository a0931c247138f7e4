"""The ledger: one mutation set against everything that shows it."""
