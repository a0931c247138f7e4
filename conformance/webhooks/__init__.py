"""Subscriptions, deliveries, the delivery log, and addresses that must not be called."""
