"""Writes a commented configuration from what a URL shows of itself."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from conformance.init.files import begin

if TYPE_CHECKING:
    import argparse


def execute(given: argparse.Namespace) -> int:
    begun = begin(given.place, given=given.contract, output=given.output)
    sys.stdout.write(f"Written: {', '.join(map(str, begun.files))}. Read the comments: they ask for what is missing.\n")
    if begun.variables:
        sys.stdout.write(f"Set {', '.join(begun.variables)} in the environment.\n")
    sys.stdout.write(f"Then: conformance doctor --config {given.output}\n")
    return 0
