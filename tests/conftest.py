"""What tests in several folders need: the decorators of the checks, a real browser, and a word on what was not run."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import capabilities
import pytest
from xdist.scheduler import LoadScopeScheduling

from conformance import marks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from selenium.webdriver import Chrome

# Else a test that only reads the checks would have them forget what they compared, in runs of later tests.
pytest.register_assert_rewrite("conformance.checks")

SLOW = pytest.StashKey[int]()  # how many slow tests were deselected
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def pytest_configure(config: pytest.Config) -> None:
    marks.register(config)


class SharingScheduling(LoadScopeScheduling):
    """Gives all tests of a file that is marked as a group to one worker, and any other test to whoever is free.

    So does `--dist loadgroup` of pytest-xdist by itself, but not with pytest 9.2.
    """

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return path if is_group(path) else nodeid


@cache
def is_group(path: str) -> bool:
    """The tests of this file share what takes long to make."""
    return "\npytestmark = pytest.mark.xdist_group(" in Path(path).read_text(encoding="utf-8")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> SharingScheduling:
    return SharingScheduling(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long is in a group of pytest-xdist, and begins first, so that nobody waits for it in the end."""
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    config = items[0].config
    config.stash[SLOW] = config.stash.get(SLOW, 0) + sum(1 for item in items if item.get_closest_marker("slow"))


def pytest_sessionfinish(session: pytest.Session) -> None:
    if told := getattr(session.config, "workeroutput", None):
        told["slow"] = session.config.stash.get(SLOW, 0)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Each worker of pytest-xdist has left out the same tests."""
    node.config.stash[SLOW] = getattr(node, "workeroutput", {}).get("slow", 0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Says what was not run and why: each reason once."""
    reasons = Counter(
        str(report.longrepr[2]).removeprefix("Skipped: ") for report in terminalreporter.stats.get("skipped", ())
    )
    for reason, count in reasons.most_common():
        terminalreporter.write_line(f"{count} × {reason}", yellow=True)
    if slow := config.stash.get(SLOW, 0):
        terminalreporter.write_line(f"{slow} slow tests were left out; `make test-all` runs them.", yellow=True)


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """A browser with an empty profile, which logs what it asks for and what it complains about."""
    from selenium.common.exceptions import WebDriverException
    from selenium.webdriver import Chrome, ChromeOptions
    from selenium.webdriver.chrome.service import Service

    options = ChromeOptions()
    options.binary_location = capabilities.chromium()
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    try:
        driver = Chrome(options=options, service=Service(capabilities.chromedriver()))
    except WebDriverException as error:
        capabilities.missing(f"Chromium does not start: install the ChromeDriver of its version. {error.msg}")
    yield driver
    driver.quit()
