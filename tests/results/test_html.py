"""The page in a real browser: what a person sees of it, and that foreign text in it does nothing."""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from sample_report import grid_report, report
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from conformance.reports.html import to_html

VISIBLE = "return [...document.querySelectorAll('.clause')].filter(c => c.getClientRects().length).map(c => c.id)"
RIGHTMOST = """
const elements = [...document.body.querySelectorAll("*")].filter((e) => !e.closest(".aside, .skip, .scroll > *"));
return Math.max(...elements.map((e) => e.getBoundingClientRect().right));
"""
# The lowest ratio of contrast (WCAG 2.2) between the colour of a text and what is painted behind it.
CONTRAST = """
const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
const over = (colors) => {
  canvas.clearRect(0, 0, 1, 1);
  for (const color of colors) { canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); }
  return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
};
const light = (rgb) => rgb.map((c) => c / 255)
  .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
  .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
const texts = [...document.querySelectorAll("body *")].filter((e) =>
  e.getClientRects().length && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()));
return Math.min(...texts.map((element) => {
  const behind = [];
  for (let e = element; e; e = e.parentElement) behind.unshift(getComputedStyle(e).backgroundColor);
  const pair = [light(over(behind)), light(over([...behind, getComputedStyle(element).color]))].sort((a, b) => b - a);
  return (pair[0] + 0.05) / (pair[1] + 0.05);
}));
"""


class Site(SimpleHTTPRequestHandler):
    """Serves a directory and remembers what was asked for."""

    def log_message(self, *_: object) -> None:
        self.server.asked.append(self.path)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    directory = tmp_path_factory.mktemp("site")
    (directory / "report.html").write_text(to_html(grid_report()), encoding="utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Site, directory=directory)) as server:
        server.asked = []
        Thread(target=server.serve_forever).start()
        yield server
        server.shutdown()


@pytest.fixture
def page(driver, site):
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    show(driver, 1280, "light")
    driver.get("about:blank")
    driver.get(f"http://127.0.0.1:{site.server_port}/report.html")
    return driver


def show(driver, width: int, scheme: str) -> None:
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    media = {"prefers-color-scheme": scheme, "prefers-reduced-motion": "reduce"}
    features = [{"name": name, "value": value} for name, value in media.items()]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def choose(driver, verdict: str) -> None:
    driver.find_element(By.CSS_SELECTOR, f"label:has(#show-{verdict})").click()


def test_the_first_screen_answers_the_three_questions(page):
    for words in ("Not conformant", "What to mend first", "What was not tested, and why"):
        heading = page.find_element(By.XPATH, f"//*[self::h1 or self::h2][.='{words}']")
        assert heading.rect["y"] + heading.rect["height"] < 900


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_and_can_be_read_on_every_screen(page, width, scheme):
    show(page, width, scheme)
    page.execute_script("for (const d of document.querySelectorAll('details')) d.open = true")
    assert page.execute_script("return document.documentElement.scrollWidth") <= width
    assert page.execute_script(RIGHTMOST) <= width
    assert page.execute_script(CONTRAST) >= 4.5


def test_it_asks_for_nothing_else_and_the_console_is_silent(page, site):
    assert set(site.asked) <= {"/report.html", "/favicon.ico"}
    assert page.get_log("browser") == []


def test_hostile_text_is_only_text(page):
    body = page.find_element(By.ID, "REST-PROBLEM-DETAILS").text
    assert r"<script>alert(1)</script> {{7*7}} {% raw %} \u202egnirts\u202c \x00 \x1b[2J" in body
    assert r"X-Evil: a\r\nInjected: <script>" in body
    assert len(page.find_elements(By.TAG_NAME, "script")) == 1
    assert page.find_elements(By.CSS_SELECTOR, "img, [onerror], a:not([href^='#'])") == []


def test_a_failure_shows_expected_beside_observed_and_the_exchange(page):
    clause = page.find_element(By.ID, "SCOPE-MISSING-403")
    expected, observed = (clause.find_element(By.CSS_SELECTOR, f".{side}").rect for side in ("expected", "observed"))
    assert expected["y"] == observed["y"]
    assert expected["x"] + expected["width"] < observed["x"]
    for told in ("RFC 6750 §3.1", '"scopes": [\n    "items:write"\n  ]', "Looks like the known wrong implementation"):
        assert told in clause.text


def test_the_verdict_filter_shows_the_clauses_with_that_verdict(page):
    choose(page, "failed")
    assert page.execute_script(VISIBLE) == ["REST-PROBLEM-DETAILS", "SCOPE-MISSING-403", "GRID-REFUSED"]
    assert page.find_element(By.ID, "shown").text == "3 of 48"
    assert [c.get_attribute("id") for c in page.find_elements(By.CSS_SELECTOR, ".chapter") if c.is_displayed()] == [
        "chapter-rest",
        "chapter-scopes",
        "chapter-grid",
    ]


def test_the_verdict_filter_works_without_scripts(page):
    page.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    page.refresh()
    choose(page, "blocked")
    shown = [c.get_attribute("id") for c in page.find_elements(By.CSS_SELECTOR, ".clause") if c.is_displayed()]
    assert shown == ["IDEMPOTENCY-REPLAY", "IDEMPOTENCY-SCOPED"]
    assert not page.find_element(By.ID, "search").is_displayed()


def test_the_search_finds_clauses_by_all_words_of_their_text(page):
    page.find_element(By.TAG_NAME, "body").send_keys("/")
    page.switch_to.active_element.send_keys("rotateSecret internal ERROR")
    assert page.execute_script(VISIBLE) == ["SCOPE-MISSING-403"]
    page.switch_to.active_element.send_keys(" nowhere")
    assert page.find_element(By.ID, "nothing").is_displayed()


def test_an_anchor_unfolds_its_clause_even_when_the_filter_hid_it(page):
    choose(page, "failed")
    page.execute_script("location.hash = 'WEBHOOK-ORDERING'")
    clause = page.find_element(By.ID, "WEBHOOK-ORDERING")
    assert clause.is_displayed()
    assert clause.get_attribute("open")


def test_a_clause_unfolds_by_keyboard(page):
    clause = page.find_element(By.ID, "REST-PROMISE-1")
    clause.find_element(By.TAG_NAME, "summary").send_keys(Keys.ENTER)
    assert clause.get_attribute("open")
    assert "listItems" in clause.text


def signs(page):
    rows = page.find_elements(By.CSS_SELECTOR, ".grid tbody tr:not(.part)")
    return [[spot.text for spot in row.find_elements(By.CSS_SELECTOR, ".spot")] for row in rows]


def test_the_grid_shows_every_cell_by_its_sign_in_the_order_of_the_contract(page):
    assert signs(page) == [["—", "●"], ["✗", "!"], ["?", "!"], ["·", "●"]]
    heads = page.find_elements(By.CSS_SELECTOR, ".grid th[scope=col], .grid th.group, .grid th[scope=rowgroup]")
    assert [head.get_attribute("textContent") for head in heads] == [
        "Credentials",
        "Whose it is",
        "expired",
        "owner",
        "Operations",
        "Events",
    ]


def test_every_cell_says_in_words_what_was_due_and_what_came(page):
    labels = [spot.get_attribute("aria-label") for spot in page.find_elements(By.CSS_SELECTOR, ".grid tbody .spot")]
    assert labels[0] == "expired at getItem: gains nothing, as due"
    assert labels[2].startswith("expired at deleteItem: failed; due: gains nothing; 'its owner is answered 404")
    assert labels[6] == "expired at item.made: cannot be, as an event asks for no credentials"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_cell_leads_to_its_exchange_and_back(page, scripts):
    page.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not scripts})
    page.refresh()
    told = page.find_element(By.ID, "grid-3")
    assert not told.is_displayed()
    page.find_element(By.ID, "at-grid-3").click()
    assert told.is_displayed()
    assert "gains nothing" in told.text
    assert "DELETE http://127.0.0.1:8080" in told.text
    told.find_element(By.CSS_SELECTOR, ".back").click()
    assert not told.is_displayed()


def test_the_grid_is_walked_by_arrow_keys(page):
    page.find_element(By.ID, "at-grid-1").send_keys(Keys.ARROW_DOWN)
    assert page.switch_to.active_element.get_attribute("id") == "at-grid-3"
    page.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)
    page.switch_to.active_element.send_keys(Keys.ARROW_DOWN)
    page.switch_to.active_element.send_keys(Keys.ENTER)
    assert page.find_element(By.ID, "grid-6").is_displayed()


def test_the_command_can_be_copied(page):
    page.execute_cdp_cmd("Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]})
    form = page.find_element(By.CSS_SELECTOR, "#SCOPE-MISSING-403 .repeat")
    form.find_element(By.TAG_NAME, "button").send_keys(Keys.ENTER)
    copied = page.execute_async_script("navigator.clipboard.readText().then(arguments[0])")
    assert copied == form.find_element(By.TAG_NAME, "code").text


def test_passed_clauses_keep_at_most_a_pair_of_exchanges(page):
    numbers = page.execute_script(
        "return [...document.querySelectorAll('.clause[data-verdict=passed]')]"
        ".map(c => c.querySelectorAll('.exchange').length)"
    )
    assert set(numbers) == {2}


def test_a_target_that_was_not_reached_is_said_first(driver, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(to_html(report(unanswered="Nothing listens on port 8080.")), encoding="utf-8")
    driver.get(path.as_uri())
    assert driver.find_element(By.TAG_NAME, "h1").text == "Not judged"
    assert "Nothing listens on port 8080." in driver.find_element(By.CLASS_NAME, "headline").text
    assert driver.find_elements(By.CSS_SELECTOR, "#clauses, .bar") == []
    assert driver.get_log("browser") == []
