"""What is done in the background, by the same rules as at the door."""
