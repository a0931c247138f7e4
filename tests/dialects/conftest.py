"""One warm process of the suite for all laws."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dialects.suite import Suite

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    with Suite(folder=tmp_path_factory.mktemp("dialects")) as suite:
        yield suite
