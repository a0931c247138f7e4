"""Proof that the checks can fail, and the trace from clauses through checks to faults."""
