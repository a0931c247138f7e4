"""The system under test: its configuration, its bounds, its process."""
