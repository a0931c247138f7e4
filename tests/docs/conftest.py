"""The site, built once and served on loopback; a browser that tells of every request and every complaint."""

from __future__ import annotations

import functools
import http.server
import json
import subprocess
import sys
from pathlib import Path

import pytest
from loopback import serving
from selenium.webdriver.support.ui import WebDriverWait

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    directory = tmp_path_factory.mktemp("site")
    configuration = ROOT / "reference_impl" / "conformance.toml"
    command = [sys.executable, "-m", "conformance.cli", "docs", "build", str(directory), "--config", str(configuration)]
    subprocess.run(command, check=True, timeout=120)
    return directory


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Nothing: the browser's log is what the tests read."""


@pytest.fixture(scope="session")
def served(site):
    with serving(functools.partial(Quiet, directory=str(site))) as url:
        yield url


class Browser:
    """A page as a person meets it: its width, what it asked for, what it complained about."""

    def __init__(self, driver):
        self.driver = driver

    def open(self, url, *, width=1280, height=900):
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.driver.get_log("performance")
        self.driver.get_log("browser")
        self.driver.get(url)

    def shows(self, *words):
        """Whether all these words are on the page within a while."""

        def there(driver):
            text = driver.execute_script("return document.body.innerText")
            return all(word in text for word in words)

        return WebDriverWait(self.driver, 20).until(there)

    @property
    def complaints(self):
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] in {"SEVERE", "WARNING"}]

    @property
    def requested(self):
        """The URLs asked for since `open`, those of pages inside data and blob URLs left out."""
        events = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        sent = [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
        return [url for url in sent if not url.startswith(("data:", "blob:"))]

    @property
    def overflow(self):
        """Pixels by which the page is wider than the window."""
        return self.driver.execute_script("return document.documentElement.scrollWidth - innerWidth")


@pytest.fixture
def browser(driver):
    return Browser(driver)
