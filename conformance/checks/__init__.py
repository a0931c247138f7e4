"""The checks, one file a chapter, grouped by family: what is done and what is seen, nothing else."""
