"""The suite's own gear: identities, token issuer, webhook receiver, signatures, generated and arranged requests."""
