"""Prints the clauses, chapter by chapter."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from conformance.assembly.documents import catalogue_of
from conformance.commands.settings import configuration_of, options_of

if TYPE_CHECKING:
    import argparse


def execute(given: argparse.Namespace) -> int:
    for chapter in catalogue_of(configuration_of(given), options_of(given)).chapters:
        sys.stdout.write(f"\n{chapter.title}\n")
        for clause in chapter.clauses:
            sys.stdout.write(f"  {clause.id:32} {clause.level:6} {clause.text}\n")
    return 0
