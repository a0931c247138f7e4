"""What runs the checks: the pytest plugin, the runner and its worker processes, verdicts and evidence."""
