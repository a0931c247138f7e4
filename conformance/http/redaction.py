"""Redaction: secrets are masked before anything is kept as evidence."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

JWT = re.compile(r"\b(eyJ[\w-]{4,8})[\w-]*\.[\w-]*\.[\w-]*")
CREDENTIAL = re.compile(r"(?i)\b((?:bearer|basic)\s+)([^\s$\"',]{4})[^\s\"',]+")
WEBHOOK_SECRET = re.compile(r"\b(whsec_[\w+/]{4})[\w+/]+=*")
# Members and form fields that hold credentials (RFC 6749, RFC 7636), known to the suite or not.
FIELDS = "access_token|refresh_token|id_token|client_secret|code_verifier|password"
MEMBER = re.compile(rf'("(?:{FIELDS})"\s*:\s*"[^"]{{4}})[^"]+')
FORM_FIELD = re.compile(rf"\b((?:{FIELDS})=[^&\s'\"]{{4}})[^&\s'\"]+")
SHOWN_CHARACTERS = 4  # of a masked secret
PREFIX_LENGTH = SHOWN_CHARACTERS + 1  # characters by which known secrets are looked up; shorter texts are no secrets


@dataclass
class Redaction:
    """Masks known secrets, and whatever looks like a token, a password or a signing secret."""

    _known: dict[str, dict[int, set[str]]] = field(default_factory=dict)  # by prefix, then by length

    def learn(self, secret: str) -> str:
        """Masks this secret from now on; returns it."""
        if len(secret) >= PREFIX_LENGTH:
            self._known.setdefault(secret[:PREFIX_LENGTH], {}).setdefault(len(secret), set()).add(secret)
        return secret

    def __call__(self, text: str) -> str:
        """The text with its secrets masked."""
        text = JWT.sub(r"\1…", self._without_known(text))
        text = FORM_FIELD.sub(r"\1…", MEMBER.sub(r"\1…", text))
        text = CREDENTIAL.sub(r"\1\2…", text)
        return WEBHOOK_SECRET.sub(r"\1…", text)

    def _without_known(self, text: str) -> str:
        # A run learns thousands of secrets, so that the text is gone through once and not once for each.
        parts, end = [], 0
        for position in self._prefix_positions(text):
            length = self._length_of_secret(text, position) if position >= end else 0
            if length:
                parts += [text[end : position + SHOWN_CHARACTERS], "…"]
                end = position + length
        return "".join(parts) + text[end:]

    def _prefix_positions(self, text: str) -> list[int]:
        """The positions at which a known secret may begin."""
        last = len(text) - PREFIX_LENGTH
        return [position for position in range(last + 1) if text[position : position + PREFIX_LENGTH] in self._known]

    def _length_of_secret(self, text: str, position: int) -> int:
        """The length of the longest secret that begins at this position; 0 if none does."""
        lengths = self._known.get(text[position : position + PREFIX_LENGTH], {})
        found = (length for length, secrets in lengths.items() if text[position : position + length] in secrets)
        return max(found, default=0)
