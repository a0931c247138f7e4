"""Redaction: secrets are masked before anything is kept as evidence."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.http.issued_credentials import issued_credentials
from conformance.http.secret_names import is_distinctive, looks_random
from conformance.http.secret_shapes import begun, masked, masked_field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.http.client import Record

SHOWN_CHARACTERS = 4  # of a masked secret
PREFIX_LENGTH = SHOWN_CHARACTERS + 1  # characters by which known secrets are looked up; shorter texts are no secrets
UNNAMED = "SECRET"

Segment = tuple[str, str]  # a text, and the name of the secret that it is; "" where it is none


@dataclass
class Redaction:
    """Masks known secrets, those that the target issues, and whatever looks like one.

    `declared` names the members of bodies that the contract calls secret.
    """

    declared: frozenset[str] = frozenset()
    _known: dict[str, dict[int, dict[str, str]]] = field(default_factory=dict)  # prefix → length → secret → its name

    def learn(self, secret: str, name: str = UNNAMED) -> str:
        """Masks this secret from now on; returns it. A report may call it by this name."""
        if len(secret) >= PREFIX_LENGTH:
            named = self._known.setdefault(secret[:PREFIX_LENGTH], {}).setdefault(len(secret), {})
            if named.get(secret, UNNAMED) == UNNAMED:
                named[secret] = variable(name)
        return secret

    def named(self) -> Iterator[Segment]:
        """The known secrets with their names."""
        for lengths in self._known.values():
            for secrets in lengths.values():
                yield from secrets.items()

    def see(self, record: Record) -> None:
        """Learns the credentials that the target issues in a reply, unless they are what it was sent, or known.

        What the configuration gives is named by its identity when it is told, wherever an answer repeats it.
        """
        if record.reply is None:
            return
        for name, text in issued_credentials(record.reply, self.declared):
            if is_distinctive(text) and not record.request.holds(text) and self._secret_at(text, 0)[0] != text:
                self.learn(text, name)

    def __call__(self, text: str) -> str:
        """The text with its secrets masked."""
        return masked(self._without_known(text))

    def field(self, name: str, value: str) -> str:
        """The value of a header field with its secrets masked."""
        return masked_field(name, self._without_known(value))

    def body(self, text: str) -> str:
        """A body with its secrets masked; one that is nothing but a key is a secret, too."""
        return begun(text) if looks_random(text.strip()) else self(text)

    def _without_known(self, text: str) -> str:
        return "".join(f"{part[:SHOWN_CHARACTERS]}…" if name else part for part, name in self.segments(text))

    def segments(self, text: str) -> Iterator[Segment]:
        """The text in parts, each of which is a known secret or holds none."""
        # A run learns thousands of secrets, so that the text is gone through once and not once for each.
        end = 0
        for position in self._prefix_positions(text):
            secret, name = self._secret_at(text, position) if position >= end else ("", "")
            if secret:
                yield text[end:position], ""
                yield secret, name
                end = position + len(secret)
        yield text[end:], ""

    def _prefix_positions(self, text: str) -> list[int]:
        """The positions at which a known secret may begin."""
        last = len(text) - PREFIX_LENGTH
        return [position for position in range(last + 1) if text[position : position + PREFIX_LENGTH] in self._known]

    def _secret_at(self, text: str, position: int) -> Segment:
        """The longest secret that begins at this position, with its name; empty if none does."""
        for length, named in sorted(self._known.get(text[position : position + PREFIX_LENGTH], {}).items())[::-1]:
            found = text[position : position + length]
            if found in named:
                return found, named[found]
        return "", ""


def variable(words: str) -> str:
    """What a secret is called in a line for a shell: `token alice` is TOKEN_ALICE."""
    return re.sub(r"\W+", "_", words.strip(), flags=re.ASCII).strip("_").upper()
