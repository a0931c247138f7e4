"""Access control: what a request discloses or changes that it must not."""
