"""Names by which members, form fields, header fields and cookies tell that what they hold is a credential."""

from __future__ import annotations

import math
import re
from collections import Counter

WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
# The last word of a name, or its last two.
SECRET = re.compile(
    r"(?:.* )?(?:password|passwd|passphrase|passcode|pwd|secrets?|tokens?|jwt|apikey|credentials?|csrf|xsrf|otp|totp"
    r"|dsn|session(?: ?id)?|(?:j|php)?sess(?:ion)?id|sid|authorization|assertion|bearer|verifier|connection string"
    r"|(?:api|access|secret|private|signing|encryption|auth|master|account|shared|session) key"
    r"|(?:auth|authorization|device|recovery|backup|reset|verification) codes?)"
)
# A token that says where to go on reading, and what stands beside keys and tokens for everybody to see.
READING_ON = {"page", "next", "prev", "previous", "cursor", "continuation", "pagination", "sync", "resume", "start"}
INNOCENT = frozenset({*READING_ON, "public"})
DOUBTFUL = frozenset({"key", "code", "value", "auth", "hash", "seed", "salt", "ticket", "grant", "nonce"})
RUN_TOGETHER = re.compile(rf"(?!{'|'.join(sorted(INNOCENT))})[a-z]+(?:key|token|secret|password)")  # adminkey

UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
RANDOM = re.compile(r"[\w+/=.~-]{20,}", re.ASCII)
HEXADECIMAL = re.compile(r"[0-9a-f]{32,}|[0-9A-F]{32,}")
LEAST_ENTROPY = 3.4  # bits of a character, as random texts of 20 characters have at least
LEAST_OF_DIGITS = 2.9  # of 32 hexadecimal digits, of which there are but 16
DISTINCTIVE = 8  # characters


def is_secret_name(name: str) -> bool:
    """What bears this name is a credential: `access_token`, `clientSecret`, `X-Api-Key`."""
    words = _words(name)
    if not words or INNOCENT.intersection(words):
        return False
    return SECRET.fullmatch(" ".join(words)) is not None


def is_doubtful_name(name: str) -> bool:
    """What bears this name is a credential if it looks like one: `key`, `code`, `value`."""
    words = _words(name)
    doubtful = bool(words) and (words[-1] in DOUBTFUL or RUN_TOGETHER.fullmatch(words[-1]) is not None)
    return doubtful and not INNOCENT.intersection(words)


def looks_random(text: str) -> bool:
    """The text has the length and the disorder of a key; what is written as an id (UUID) does not count."""
    if not RANDOM.fullmatch(text) or UUID.fullmatch(text):
        return False
    mixed = any(char.isdigit() for char in text) and any(char.isalpha() for char in text)
    return mixed and _entropy(text) >= (LEAST_OF_DIGITS if HEXADECIMAL.fullmatch(text) else LEAST_ENTROPY)


def is_distinctive(text: str) -> bool:
    """The text can be looked for elsewhere without finding ordinary words."""
    kinds = (str.isdigit, str.isupper, str.islower)
    return len(text) >= DISTINCTIVE and " " not in text and sum(any(map(kind, text)) for kind in kinds) > 1


def _words(name: str) -> list[str]:
    return [word.lower() for word in WORD.findall(name)]


def _entropy(text: str) -> float:
    return -sum(count / len(text) * math.log2(count / len(text)) for count in Counter(text).values())
