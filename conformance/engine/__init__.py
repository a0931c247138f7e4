"""What drives the checks: decorators, fixtures, the pytest plugin, the runner and the proof."""
