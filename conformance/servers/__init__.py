"""The suite's own servers: webhook receiver, token issuer, name server."""
