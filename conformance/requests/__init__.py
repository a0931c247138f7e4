"""What is asked: arranged, generated, invalid, interrupted and concurrent requests."""
