"""Where the effect of a request can be observed: channels, pages, counters, entity tags."""
