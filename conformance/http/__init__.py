"""The HTTP client: it sends requests exactly as given and keeps every exchange as evidence."""
