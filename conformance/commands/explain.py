"""Prints clause, source, check, faults and the operations it applies to."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from conformance.assembly.documents import catalogue_of, contract_of
from conformance.commands.settings import configuration_of, options_of, proof_configurations
from conformance.commands.validation import check_clauses
from conformance.proof.traceability import Trace, explained

if TYPE_CHECKING:
    import argparse


def execute(given: argparse.Namespace) -> int:
    settings, options = configuration_of(given), options_of(given)
    clauses = catalogue_of(settings, options)
    check_clauses([given.id], clauses)
    trace = Trace.of(proof_configurations(given), contract_of(settings, options), clauses)
    sys.stdout.write(explained(trace, given.id))
    return 0
