"""Events: published with the change, delivered by signed webhooks."""
