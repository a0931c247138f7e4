"""Writes the documentation site into a directory."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from conformance.commands.settings import options_of, proof_configurations
from conformance.commands.validation import check_writable
from conformance.docs.site import build

if TYPE_CHECKING:
    import argparse


def execute(given: argparse.Namespace) -> int:
    check_writable(given.directory)
    build(proof_configurations(given), given.directory, options_of(given))
    sys.stdout.write(f"The site is in {given.directory}; open {given.directory / 'index.html'}.\n")
    return 0
