"""A person who logs in and decides, as far as the pages allow without scripts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from conformance.oauth.html_forms import forms

if TYPE_CHECKING:
    from conformance.http.messages import Reply
    from conformance.oauth.browser import Browser
    from conformance.oauth.html_forms import Form

MOST = 16  # pages and redirects of one flow
REFUSALS = ("deny", "cancel", "reject", "refuse", "decline", "abort", "no")


@dataclass(frozen=True, kw_only=True)
class Destination:
    """Where a browser ended: sent elsewhere (`location`), or on a last page of the target."""

    location: str
    trail: tuple[Reply, ...] = field(repr=False)
    decided: bool = False  # a button was found for what the person wants

    @property
    def parameters(self) -> dict[str, str]:
        """What stands in the query of the address elsewhere."""
        return dict(parse_qsl(urlsplit(self.location).query, keep_blank_values=True))

    @property
    def fragment(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.location).fragment, keep_blank_values=True))

    @property
    def address(self) -> str:
        """Where it is, without query and fragment."""
        return self.location.partition("#")[0].partition("?")[0]

    @property
    def last(self) -> Reply:
        return self.trail[-1]

    def __repr__(self) -> str:
        if self.location:
            told = {name: value if name != "code" else "…" for name, value in self.parameters.items()}
            return f"sent to {self.address} with {told or 'nothing'}" + (" and a fragment" if self.fragment else "")
        return f"stayed at {self.last.request.path.partition('?')[0]}: {self.last.status}"


@dataclass(frozen=True, kw_only=True)
class ResourceOwner:
    """Knows a name and a password; `approve` and `deny` are buttons (name, value) where they cannot be guessed."""

    username: str
    password: str
    approve: tuple[str, str] | None = None
    deny: tuple[str, str] | None = None

    def visit(self, browser: Browser, url: str, *, consents: bool = True) -> Destination:
        """Opens the URL and goes on until the browser is sent elsewhere or nothing is left to do."""
        reply, logged_in, decided = browser.open(url), False, False
        for _ in range(MOST):
            away, here, form = browser.elsewhere(reply), browser.location(reply), _form(reply)
            if away:
                return Destination(location=away, trail=tuple(browser.trail), decided=decided)
            if here:
                reply = browser.open(here)
            elif form is None or (form.password and logged_in):
                break
            elif form.password:
                logged_in = True
                filled = {form.username: self.username, form.password: self.password}
                reply = browser.submit(reply, form, form.filled(filled, _first(form)))
            else:
                choice = self._choice(form, consents=consents)
                decided = decided or choice is not None
                reply = browser.submit(reply, form, form.filled({}, choice))
        return Destination(location="", trail=tuple(browser.trail), decided=decided)

    def _choice(self, form: Form, *, consents: bool) -> tuple[str, str] | None:
        given = self.approve if consents else self.deny
        if given:
            return given
        decline = [button for button in form.buttons if any(word in " ".join(button).lower() for word in REFUSALS)]
        others = [button for button in form.buttons if button not in decline]
        chosen = others if consents else decline
        return chosen[0] if chosen else None


def _form(page: Reply) -> Form | None:
    """The form that a person would fill in: the one with a password, else the first that is posted."""
    if page.media_type != "text/html":
        return None
    found = forms(page.text)
    return next(
        (form for form in found if form.password), next((form for form in found if form.method == "POST"), None)
    )


def _first(form: Form) -> tuple[str, str] | None:
    return form.buttons[0] if form.buttons else None
