"""Journeys: the workflows of an Arazzo document, walked step by step."""
