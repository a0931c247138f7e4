"""What an answer says: challenges, caching, media types, timestamps, leaks."""
