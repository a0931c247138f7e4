"""A small, sound implementation of the contract in `spec/`, and faulty variants of it."""
