"""The beginning of a configuration, written from what a URL shows of itself."""
