"""The browser without scripts: forms of login pages, cookies and redirects."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from conformance.http.client import Client
from conformance.http.redaction import Redaction
from conformance.oauth.browser import Browser
from conformance.oauth.html_forms import forms
from conformance.oauth.login_pages import ResourceOwner

LOGIN = """
<form method="post" action="/login"><input type="hidden" name="csrf" value="a&amp;b">
<input name="search" type="search"><input name="user"><input type="password" name="pass">
<input type="checkbox" name="stay" checked><input type="checkbox" name="news">
<input name="gone" disabled><button type="button" name="help">?</button><button>Go on</button></form>
"""
CONSENT = """
<form method="post"><input type="submit" name="answer" value="Cancel">
<input type="submit" name="answer" value="Yes"></form>
"""


@contextmanager
def served(answer):
    """The URL at which `answer(method, path, headers, body)` gives status, headers and HTML."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            length = int(self.headers.get("Content-Length", 0))
            status, headers, text = answer(self.command, self.path, self.headers, self.rfile.read(length).decode())
            body = text.encode()
            self.send_response(status)
            for name, value in {"Content-Type": "text/html", "Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self):
            self.do_GET()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_a_form_is_sent_as_a_browser_would():
    form = forms(LOGIN)[0]

    assert (form.username, form.password, form.buttons) == ("user", "pass", [("", "")])
    assert form.filled({"user": "ann", "pass": "x"}, ("", "")) == [
        ("csrf", "a&b"),
        ("search", ""),
        ("user", "ann"),
        ("pass", "x"),
        ("stay", "on"),
    ]


def test_a_page_without_forms_has_none():
    assert forms("<p>Nothing <form") == []


def new_browser(url):
    return Browser(client=Client(url), redaction=Redaction(), identity="ann")


def test_a_user_logs_in_consents_and_is_redirected():
    def answer(method, path, headers, body):
        if path == "/start":
            return 302, {"Location": "/login"}, ""
        if path == "/login" and method == "GET":
            return 200, {"Set-Cookie": "s=1; Path=/login"}, LOGIN
        if path == "/login":
            assert parse_qs(body)["pass"] == ["secret"]
            assert headers["Cookie"] == "s=1"
            return 303, {"Location": "consent"}, ""
        if method == "GET":
            return 200, {}, CONSENT
        assert "Cookie" not in headers
        return 303, {"Location": f"https://app.example/cb?answer={parse_qs(body)['answer'][0]}"}, ""

    with served(answer) as url:
        yes = ResourceOwner(username="ann", password="secret").visit(new_browser(url), "/start")
        no = ResourceOwner(username="ann", password="secret").visit(new_browser(url), "/start", approves=False)

    assert (yes.address, yes.parameters, yes.decided) == ("https://app.example/cb", {"answer": "Yes"}, True)
    assert no.parameters == {"answer": "Cancel"}


def test_a_refused_login_is_not_tried_again():
    with served(lambda *_: (200, {}, LOGIN)) as url:
        destination = ResourceOwner(username="ann", password="wrong").visit(new_browser(url), "/")

    assert destination.location == ""
    assert [reply.request.method for reply in destination.history] == ["GET", "POST"]


def test_a_redirect_loop_ends():
    with served(lambda *_: (302, {"Location": "/"}, "")) as url:
        destination = ResourceOwner(username="ann", password="x").visit(new_browser(url), "/")

    assert destination.location == ""
    assert len(destination.history) < 20


@pytest.mark.parametrize("cookie", ["s=; Max-Age=0", "s=; Expires=Thu, 01 Jan 1970 00:00:00 GMT"])
def test_an_expired_cookie_is_removed(cookie):
    set_cookies = iter(["s=1", cookie, "other=1"])
    sent_cookies = []

    def answer(_method, _path, headers, _body):
        sent_cookies.append(headers.get("Cookie"))
        return 200, {"Set-Cookie": next(set_cookies)}, ""

    with served(answer) as url:
        browser = new_browser(url)
        for _ in range(3):
            browser.open("/")

    assert sent_cookies == [None, "s=1", None]


def test_cookies_and_codes_are_redacted():
    with served(
        lambda *_: (302, {"Set-Cookie": "s=cookie-value", "Location": "https://app.example/?code=c0de-value"}, "")
    ) as url:
        browser = new_browser(url)
        browser.open("/")

    assert browser.redaction("cookie-value c0de-value") == "cook… c0de…"
