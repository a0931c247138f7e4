"""Prints which clause is checked and proven; fails where a MUST is neither proven nor untestable."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from conformance.assembly.documents import catalogue_of, contract_of
from conformance.commands.settings import configuration_of, options_of, proof_configurations
from conformance.proof.traceability import Trace

if TYPE_CHECKING:
    import argparse


def execute(given: argparse.Namespace) -> int:
    settings, options = configuration_of(given), options_of(given)
    trace = Trace.of(proof_configurations(given), contract_of(settings, options), catalogue_of(settings, options))
    sys.stdout.write(json.dumps(trace.counts) + "\n" if given.json else trace.table)
    return 1 if trace.guesses else 0
