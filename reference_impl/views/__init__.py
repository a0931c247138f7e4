"""One method for each operation of the contract, and how things are shown."""
