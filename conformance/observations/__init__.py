"""What replies tell: challenges, caching, media types, timestamps, leaks."""
