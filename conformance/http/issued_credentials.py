"""The credentials in a reply: what it sets, shows or sends along under a name that says what it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from conformance.http.secret_names import is_doubtful_name, is_secret_name, looks_random
from conformance.http.secret_shapes import NAMED_INPUT, PAIR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.http.messages import Reply

Named = tuple[str, str]  # a name, and the text that bears it
LONGEST = 100_000  # characters of a body that is no JSON
AUTHORIZATION_CODE = "code"  # in the query of a redirect (RFC 6749, section 4.1.2)


def issued_credentials(reply: Reply, declared: frozenset[str]) -> Iterator[Named]:
    """The credentials in header fields and body; `declared` names the members that the contract calls secret."""

    def secret(name: str, text: str) -> bool:
        return name in declared or is_secret_name(name) or (is_doubtful_name(name) and looks_random(text))

    yield from _in_fields(reply, secret)
    if reply.json is not None:
        yield from ((name, text) for name, text in _members(reply.json) if secret(name, text))
    else:
        body = reply.text[:LONGEST]
        found = [*NAMED_INPUT.findall(body), *PAIR.findall(body)]
        yield from ((name, text) for name, _, text in found if secret(name, text))


def _in_fields(reply: Reply, secret: Callable[[str, str], bool]) -> Iterator[Named]:
    for name, value in reply.headers:
        lower = name.lower()
        if lower == "set-cookie":
            cookie, _, text = value.partition(";")[0].partition("=")
            yield cookie.strip(), text.strip().strip('"')
        elif lower == "location":
            pairs = [pair for part in re.split("[?#]", value)[1:] for pair in parse_qsl(part)]
            yield from (pair for pair in pairs if secret(*pair) or pair[0] == AUTHORIZATION_CODE)
        elif is_secret_name(name):
            yield name, value


def _members(document: Any) -> Iterator[Named]:
    """Every text in a JSON document with the name of its member, or with the one that stands beside it."""
    left: list[tuple[str, Any]] = [("", document)]  # no recursion, since documents of a target may be of any depth
    while left:
        name, value = left.pop()
        if isinstance(value, str):
            yield name, value
        elif isinstance(value, list):
            left += [(name, item) for item in value]
        elif isinstance(value, dict):
            beside = next((value[key] for key in ("name", "key") if isinstance(value.get(key), str)), "")
            named = is_secret_name(beside)
            left += [(beside if named and key == "value" else key, member) for key, member in value.items()]
