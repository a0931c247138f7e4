"""What looks like a secret, known to the suite or not."""

from __future__ import annotations

import re

JWT = re.compile(r"\b(eyJ[\w-]{4,8})[\w-]*\.[\w-]*\.[\w-]*")
CREDENTIAL = re.compile(r"(?i)\b((?:bearer|basic)\s+)([^\s$\"',]{4})[^\s\"',]+")
WEBHOOK_SECRET = re.compile(r"\b(whsec_[\w+/]{4})[\w+/]+=*")
# Members and form fields that hold credentials (RFC 6749, RFC 7636), known to the suite or not.
FIELDS = "access_token|refresh_token|id_token|client_secret|code_verifier|password"
MEMBER = re.compile(rf'("(?:{FIELDS})"\s*:\s*"[^"]{{4}})[^"]+')
FORM_FIELD = re.compile(rf"\b((?:{FIELDS})=[^&\s'\"]{{4}})[^&\s'\"]+")


def masked(text: str) -> str:
    """The text without what has the shape of a secret."""
    text = JWT.sub(r"\1…", text)
    text = FORM_FIELD.sub(r"\1…", MEMBER.sub(r"\1…", text))
    text = CREDENTIAL.sub(r"\1\2…", text)
    return WEBHOOK_SECRET.sub(r"\1…", text)
