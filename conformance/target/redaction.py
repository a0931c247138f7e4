"""Masking what is secret before it is kept."""

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
KEPT = 4


@dataclass
class Redaction:
    """Masks the secrets it was told of, and whatever looks like a token or a signing secret."""

    secrets: set[str] = field(default_factory=set)

    def learn(self, secret: str) -> str:
        """Keeps a secret from all that is recorded from now on; returns it."""
        if len(secret) > KEPT:
            self.secrets.add(secret)
        return secret

    def __call__(self, text: str) -> str:
        for secret in self.secrets:
            text = text.replace(secret, f"{secret[:KEPT]}…")
        text = JWT.sub(r"\1…", text)
        text = FORM_FIELD.sub(r"\1…", MEMBER.sub(r"\1…", text))
        text = CREDENTIAL.sub(r"\1\2…", text)
        return WEBHOOK_SECRET.sub(r"\1…", text)
