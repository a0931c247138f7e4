"""The page about the delivery lab says what the scripts are."""

from __future__ import annotations

import re

from conformance.servers.receiver_scripts import SCRIPTS


def test_the_page_lists_every_script(root):
    page = (root / "docs/delivery-lab.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| `([\w-]+)` \| (.*) \| (delivered|retried|disabled|delivered or retried) \|$", page, re.MULTILINE
    )

    assert rows == [(script.name, script.description, script.outcome) for script in SCRIPTS]
