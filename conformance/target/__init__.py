"""Who is judged: the configuration, the HTTP client that keeps every exchange, a managed process."""
