"""What tests in several folders need: the decorators of the checks, and a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import capabilities
import pytest

from conformance import marks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selenium.webdriver import Chrome

# Else a test that only reads the checks would have them forget what they compared, in runs of later tests.
pytest.register_assert_rewrite("conformance.checks")

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
