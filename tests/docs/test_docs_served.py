"""The site as the reference serves it: its headers leave the pages what they need."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.xdist_group("site")

PAGES = {
    "": "Overview",
    "spec/openapi.html": "Servers",
    "spec/openapi.html#/links/createlink": "Make a link",
    "spec/asyncapi.html": "Registered receiver",
    "spec/asyncapi.html#/channels/webhook": "Link created",
    "spec/requirements/index.html": "SCOPE-MISSING-403",
}


@pytest.fixture(scope="module")
def platform(site, root, tmp_path_factory):
    """The URL of a reference that serves the site at /docs/."""
    database = tmp_path_factory.mktemp("platform") / "links.db"
    command = [sys.executable, "-m", "reference_impl", "serve", "--port", "0", "--docs", str(site)]
    command += ["--database", f"sqlite:///{database}"]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        yield process.stdout.readline().split()[-1]
        process.terminate()


@pytest.mark.parametrize(("page", "words"), PAGES.items())
def test_a_page_is_shown_without_a_complaint(platform, browser, page, words):
    browser.open("about:blank")
    browser.open(f"{platform}/docs/{page}")

    assert browser.shows(words)
    assert browser.complaints == []
    assert [url for url in browser.requested if not url.startswith(platform)] == []


def test_the_site_is_found_without_its_last_slash(platform, browser):
    browser.open(f"{platform}/docs")

    assert browser.shows("Overview")
    assert browser.driver.current_url == f"{platform}/docs/"
