"""Runs the suite on every faulty variant and prints the kill matrix."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.commands.settings import options_of, proof_configurations
from conformance.commands.validation import check_writable
from conformance.proof.proof import Proof, table

if TYPE_CHECKING:
    import argparse


def execute(given: argparse.Namespace) -> int:
    proof = Proof(proof_configurations(given), options_of(given), frozenset(given.only))
    check_writable(given.json.parent if given.json else Path())
    result = proof.run(workers=given.workers, progress=sys.stdout.write)
    sys.stdout.write(table(result))
    if given.json:
        given.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 0 if result["killed"] == result["faults"] else 1
