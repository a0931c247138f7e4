"""What a report tells of each known fault: read as a person does, and repeated."""
