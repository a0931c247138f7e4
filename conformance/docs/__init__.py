"""The documentation site: the contract, the clauses and the guides as pages that need no network."""
