"""Access to objects of others: what a request showed or changed that it should not have."""
