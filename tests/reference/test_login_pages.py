"""The pages of the authorization server, in a real browser, as a person uses them."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from .support import BOUND, PEOPLE, ForkServer

CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"  # RFC 7636, appendix B
ERIN = PEOPLE[1]
SCOPE = "openid profile links:read links:write"


@pytest.fixture(scope="module")
def callback(issuer):
    """Where the application waits: something that answers."""
    return f"{issuer.url}/callback"


@pytest.fixture(scope="module")
def platform(tmp_path_factory, callback):
    clients = [{"id": "web", "scope": SCOPE, "redirect_uris": [callback]}]
    fork_server = ForkServer(json.dumps(clients))
    database = tmp_path_factory.mktemp("pages") / "links.db"
    with fork_server.served("--database", f"sqlite:///{database}") as platform:
        yield platform
    fork_server.close()


class Person:
    """Reads a page, fills it in, and presses its buttons."""

    def __init__(self, driver):
        self.driver = driver

    def open(self, url):
        self.driver.get_log("browser")
        self.driver.get(url)

    def sees(self, *words):
        def there(driver):
            text = driver.execute_script("return document.body.innerText")
            return all(word in text for word in words)

        return WebDriverWait(self.driver, BOUND).until(there)

    def types(self, label, text):
        """Into the field of that label."""
        found = self.driver.find_element(By.XPATH, f"//label[.='{label}']")
        field = self.driver.find_element(By.ID, found.get_attribute("for"))
        field.clear()
        field.send_keys(text)

    def presses(self, button):
        self.driver.find_element(By.XPATH, f"//button[.='{button}']").click()

    def ends_at(self, address):
        """What stands in the query there."""
        WebDriverWait(self.driver, BOUND).until(lambda driver: driver.current_url.startswith(address))
        return {name: values[0] for name, values in parse_qs(urlsplit(self.driver.current_url).query).items()}

    def computed(self, selector, name):
        """A property of an element, as the browser draws it."""
        return self.driver.execute_script(
            "return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]", selector, name
        )

    @property
    def complaints(self):
        found = [entry for entry in self.driver.get_log("browser") if entry["level"] in {"SEVERE", "WARNING"}]
        return [entry["message"] for entry in found if "favicon" not in entry["message"]]


@pytest.fixture
def person(driver):
    driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
    return Person(driver)


@pytest.fixture
def wish(platform, callback):
    """The address to which the application sends the browser."""
    parameters = {
        "response_type": "code",
        "client_id": "web",
        "redirect_uri": callback,
        "scope": SCOPE,
        "state": "af0ifjsldkj",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        "prompt": "consent",
    }
    return f"{platform.url}/oauth/authorize?{urlencode(parameters)}"


def log_in(person, wish):
    person.open(wish)
    person.sees("Log in", "web")
    person.types("Name", ERIN["username"])
    person.types("Password", ERIN["password"])
    person.presses("Log in")
    person.sees("Allow web to act for you?", "You are Erin", "Make, change and delete links.")


def test_a_person_logs_in_and_consents(person, wish, callback):
    log_in(person, wish)
    assert person.complaints == []
    person.presses("Allow")

    answer = person.ends_at(callback)
    assert answer["state"] == "af0ifjsldkj"
    assert answer["code"]


def test_a_person_logs_in_and_refuses(person, wish, callback):
    log_in(person, wish)
    person.presses("Refuse")

    assert person.ends_at(callback)["error"] == "access_denied"


def test_who_is_logged_in_is_not_asked_for_the_password_again(person, wish, callback):
    log_in(person, wish)
    person.presses("Allow")
    person.ends_at(callback)
    person.open(wish)

    assert person.sees("Allow web to act for you?")


def test_a_wrong_password_is_told_and_can_be_mended(person, wish):
    person.open(wish)
    person.types("Name", ERIN["username"])
    person.types("Password", "guess")
    person.presses("Log in")
    person.sees("The name or the password is wrong.")
    person.types("Name", ERIN["username"])
    person.types("Password", ERIN["password"] + Keys.ENTER)

    assert person.sees("Allow web to act for you?")


def test_an_unknown_application_leads_nowhere(person, platform):
    person.open(f"{platform.url}/oauth/authorize?client_id=nobody&response_type=code")

    assert person.sees("This did not work")


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_fit_the_window_and_can_be_read(person, wish, width, scheme):
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    person.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    preferred = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    person.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", preferred)
    person.open(wish)
    person.sees("Log in")

    assert person.driver.execute_script("return document.documentElement.scrollWidth - innerWidth") <= 0
    assert person.driver.execute_script("return document.activeElement.id") == "username"
    paper = person.computed("main", "backgroundColor")
    assert contrast(person.computed("main", "color"), paper) >= 7  # WCAG 2.2, 1.4.6
    assert contrast(person.computed("input[type=password]", "borderTopColor"), paper) >= 3  # WCAG 2.2, 1.4.11
    assert contrast(person.computed("button", "color"), person.computed("button", "backgroundColor")) >= 4.5  # 1.4.3


def contrast(first, second):
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    channels = [int(part) / 255 for part in colour.partition("(")[2].rstrip(")").split(",")[:3]]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
