"""The structure that docs/architecture.md describes: small folders, small files, no import circle."""

from __future__ import annotations

from collections import Counter
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
MODULES = 15  # in one folder of the suite
LINES = 300  # of one file


@pytest.fixture(scope="module")
def sources() -> list[Path]:
    rooms = ("benchmarks", "conformance", "reference_impl", "tests")
    return [path for room in rooms for path in (ROOT / room).rglob("*.py") if "node_modules" not in path.parts]


def test_no_folder_of_the_suite_is_crowded(sources):
    folders = Counter(path.parent for path in sources if path.is_relative_to(ROOT / "conformance"))

    assert {folder.name: number for folder, number in folders.items() if number > MODULES + 1} == {}  # and __init__.py


def test_no_file_is_long(sources):
    assert [str(path) for path in sources if len(path.read_text(encoding="utf-8").splitlines()) > LINES] == []


@pytest.mark.parametrize("package", ["conformance", "reference_impl"])
def test_no_module_imports_itself_by_way_of_others(package):
    graph = grimp.build_graph(package, cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    try:
        order = list(TopologicalSorter(imports).static_order())
    except CycleError as error:
        pytest.fail(f"These modules import each other: {' → '.join(error.args[1])}.")

    assert set(order) == set(imports)
