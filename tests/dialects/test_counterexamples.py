"""Dialects that the suite once judged wrongly, several to a server: what broke a law does so with others beside it."""

from __future__ import annotations

import pytest

from dialects.dialect import Dialect
from dialects.laws import insist_on_praise

COUNTEREXAMPLES = {
    "clean-up left the key in the query out, and what only a list tells was not found": Dialect(
        credentials="key-in-query", links=False, location="none", answer="nothing"
    ),
    "a cookie was sent twice, a slash hid the lists, and an age in an envelope was a change": Dialect(
        credentials="key-in-cookie", slash=True, base="variable", pages="page", answer="envelope", volatile=True
    ),
    "optional credentials were not sent, and null brought a default back": Dialect(
        exception="optional-read", update="patch", nullable=True, media="vendor-json", pages="offset"
    ),
    "numbers that the client chooses were not, and what a PUT makes was not looked for in lists": Dialect(
        creation="put", update="none", identifier="number", shelf="enum", ownership="hidden", pages="page"
    ),
    "what the contract names by an example was somebody's, and one list two": Dialect(
        shelf="example", pages="cursor", slash=True, credentials="key-in-query"
    ),
    "what is made below something was looked for on the first page alone": Dialect(
        shelf="example", pages="offset", older=True
    ),
    "what is written and never shown was set to null, and a late list changed by itself": Dialect(
        direction="one-schema", example=True, update="patch", file="binary", late=True
    ),
    "schemes that are asked for together were tried as one": Dialect(
        credentials="bearer-and-key", direction="one-schema"
    ),
    "what parsers put right was to be refused, and a secret that no cache may store to be called so": Dialect(
        lenient=True, events="stripe", closed=False, update="patch"
    ),
    "whose a path is was to be told before what is no JSON was refused, though a PUT may make something there": Dialect(
        credentials="basic", creation="put", update="none", ownership="hidden", normative=True
    ),
}


@pytest.mark.parametrize("dialect", COUNTEREXAMPLES.values(), ids=COUNTEREXAMPLES)
def test_it_is_judged_rightly_now(suite, dialect):
    insist_on_praise(suite, dialect)
