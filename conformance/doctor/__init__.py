"""`conformance doctor`: whether target, contract and configuration are fit for a run, and what to do if not."""
