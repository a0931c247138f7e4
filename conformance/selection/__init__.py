"""Which operations a check is about: predicates, whose docstrings complete "no operation …"."""
