"""Arazzo 1.1 documents: journeys over the operations and events of a contract."""
