"""An overlay in words: what is promised by the document, and what a user may add by taking out a sign."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import yaml

from conformance.results.untrusted_text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.init.proposals import Proposal

WIDTH = 110
ENDLESS = 1_000_000  # a line of YAML is not broken: each has its sign
HEAD = """\
# What the contract does not say, and its server may promise. `# ` begins a reason; `#` without a space a line that
# is not in force, for it is only a guess: take out the sign if it is true, delete the lines if not. What is in force
# already, the document itself says in other words, or the server does. `spec/vocabulary.md` explains each word.
overlay: 1.0.0
info: {title: What is promised besides, version: 1.0.0}
actions:
"""
NOTHING = ["  # Changes nothing; a list of actions must have one.", "  - {target: $, update: {}}"]


def overlay_text(proposals: Iterable[Proposal]) -> str:
    """The whole file: valid, also where nothing is certain."""
    known = list(proposals)
    parts = [*(_action(each) for each in known), *([] if any(each.certain for each in known) else [NOTHING])]
    return HEAD + "\n".join("\n".join(part) + "\n" for part in parts)


def _action(proposal: Proposal) -> list[str]:
    change = {"remove": True} if proposal.update is None else {"update": dict(proposal.update)}
    action = [{"target": proposal.target, **change}]
    written = yaml.safe_dump(action, sort_keys=False, default_flow_style=None, width=ENDLESS)
    sign = "" if proposal.certain else "#"
    return [*_reason(proposal.reason), *(f"  {sign}{line}" for line in written.splitlines())]


def _reason(text: str) -> list[str]:
    plain = one_line(text, 2000)
    return textwrap.wrap(plain, WIDTH, initial_indent="  # ", subsequent_indent="  # ", break_on_hyphens=False)
