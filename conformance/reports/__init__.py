"""The writers of reports, one for each format, and the run on a terminal."""
