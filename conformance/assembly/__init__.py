"""The composition root: documents, servers of the suite and the target are put together to a run."""
