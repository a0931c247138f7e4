"""What a report shows of an outcome: the exchanges, the decisive one first, and what was expected and observed."""
