"""What is promised: operations, events, the vocabulary of extensions, and the clauses."""
