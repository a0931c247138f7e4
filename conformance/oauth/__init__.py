"""Authorization servers and log-ins, as a client and a browser meet them."""
