"""Looks at target, contract and configuration before a run, and says of each trouble what to do."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from conformance.assembly.run import open_run
from conformance.commands.settings import configuration_of, options_of
from conformance.doctor.examination import examine
from conformance.doctor.findings import exit_code

if TYPE_CHECKING:
    import argparse


def execute(given: argparse.Namespace) -> int:
    options = options_of(given, url=given.url, receiver_url=given.receiver_url)
    found = []
    with open_run(configuration_of(given), options) as (harness,), harness.serving():
        for finding in examine(harness):
            sys.stdout.write(f"{finding.line}\n")
            sys.stdout.flush()
            found.append(finding)
    return exit_code(found)
