"""Workers share the checks: each is made once, and a worker that dies is not overlooked."""

from __future__ import annotations

import multiprocessing
import os
from dataclasses import dataclass

from conformance.engine.work import Done
from conformance.engine.workers import Claims, share


def test_each_number_is_claimed_once():
    claims = Claims(multiprocessing.get_context("fork").Value("i", 0))
    first, second = claims(5), claims(5)

    assert sorted([next(first), next(second), next(first), *second, *first]) == [0, 1, 2, 3, 4]


@dataclass
class Doomed:
    """A session whose process dies as soon as it begins."""

    def serving(self):
        os._exit(7)


def test_a_worker_that_dies_makes_the_run_an_error_of_the_suite():
    told = []

    share((Doomed(), Doomed()), None, told.append)

    assert [type(message) for message in told] == [Done, Done]
    assert all("code 7" in message.broken for message in told)
