"""Where an effect shows: channels, pages, counters, entity tags."""
