"""What a run found, as typed values: outcomes, clauses, findings, the baseline."""
