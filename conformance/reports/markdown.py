"""Foreign text in Markdown, where it may neither break the page nor become HTML."""

from __future__ import annotations

import re

from conformance.results.untrusted_text import one_line, visible

# Punctuation that means something inside a line, or at its beginning, in GitHub's Markdown.
SPECIAL = re.compile(r"[\\`*_\[\]<>&|~#@$!{}^]|:(?=[\w/+-])|(?<=www)\.|^[-+=]|^\d+[.)]", re.IGNORECASE)


def prose(text: str, limit: int = 600) -> str:
    """One line of text in which no character is markup."""
    return SPECIAL.sub(lambda match: f"{match[0][:-1]}\\{match[0][-1]}", one_line(text, limit))


def code(text: str, limit: int = 200) -> str:
    """A code span."""
    told = one_line(text, limit) or " "
    ticks = "`" * (_longest_run(told) + 1)
    return f"{ticks} {told} {ticks}" if told.startswith("`") or told.endswith("`") else f"{ticks}{told}{ticks}"


def block(text: str, language: str = "text") -> str:
    """A fenced code block."""
    told = visible(text)
    fence = "`" * max(3, _longest_run(told) + 1)
    return f"{fence}{language}\n{told}\n{fence}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall(r"`+", text)), default=0)
