"""The authorization server, and the verification of access tokens."""
