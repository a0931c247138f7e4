"""What is done in the background, by the same rules as what is asked by HTTP."""
