"""Whether target, contract and configuration are fit for a run, each trouble with its cause and its remedy."""
