"""Texts of others as parts of a TOML file: comments, strings, enumerations."""

from __future__ import annotations

import json
import textwrap

from conformance.results.untrusted_text import one_line

WIDTH = 118
MOST = 12  # operations that a comment names


def comment(text: str) -> list[str]:
    """The text as lines that TOML does not read."""
    plain = one_line(text, 2000)
    return textwrap.wrap(plain, WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)


def quoted(text: str) -> str:
    """The text as a TOML string: as JSON writes it, but for the one control character that JSON lets stand."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def enumerated(names: list[str]) -> str:
    """The first of the names, and how many more there are."""
    more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
    return ", ".join(names[:MOST]) + more
