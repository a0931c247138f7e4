"""The checks, one file a chapter: what is done and what is seen, nothing else."""
