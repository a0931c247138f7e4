"""Login and consent pages, gone through by a resource owner without scripts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from conformance.oauth.html_forms import forms
from conformance.results.wording import described

if TYPE_CHECKING:
    from conformance.http.messages import Reply
    from conformance.oauth.browser import Browser
    from conformance.oauth.html_forms import Form

MAX_STEPS = 16  # pages and redirects of one flow
DENY_WORDS = ("deny", "cancel", "reject", "refuse", "decline", "abort", "no")


@dataclass(frozen=True, kw_only=True)
class Destination:
    """Where a browser ended: redirected to another origin (`location`), or at a last page of the target (empty).

    `history` holds all replies on the way; `decided` tells whether a button for the owner's decision was found.
    """

    location: str
    history: tuple[Reply, ...] = field(repr=False)
    decided: bool = False

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters in the query of the location."""
        return dict(parse_qsl(urlsplit(self.location).query, keep_blank_values=True))

    @property
    def fragment(self) -> dict[str, str]:
        """The parameters in the fragment of the location."""
        return dict(parse_qsl(urlsplit(self.location).fragment, keep_blank_values=True))

    @property
    def address(self) -> str:
        """The location without query and fragment."""
        return self.location.partition("#")[0].partition("?")[0]

    @property
    def last_reply(self) -> Reply:
        return self.history[-1]

    def __repr__(self) -> str:
        if self.location:
            shown = {name: value if name != "code" else "…" for name, value in self.parameters.items()}
            return f"sent to {self.address} with {described(shown)}" + (" and a fragment" if self.fragment else "")
        return f"stayed at {self.last_reply.request.path.partition('?')[0]}: {self.last_reply.status}"


@dataclass(frozen=True, kw_only=True)
class ResourceOwner:
    """A user who logs in and decides on consent; `approve` and `deny` are the buttons (name, value) if configured."""

    username: str
    password: str
    approve: tuple[str, str] | None = None
    deny: tuple[str, str] | None = None

    def visit(self, browser: Browser, url: str, *, approves: bool = True) -> Destination:
        """Opens the URL, logs in and decides, until the browser is redirected to another origin or no form is left."""
        reply, logged_in, decided = browser.open(url), False, False
        for _ in range(MAX_STEPS):
            external, internal, form = browser.external_location(reply), browser.redirect_location(reply), _form(reply)
            if external:
                return Destination(location=external, history=tuple(browser.history), decided=decided)
            if internal:
                reply = browser.open(internal)
            elif form is None or (form.password and logged_in):
                break
            elif form.password:
                logged_in = True
                filled = {form.username: self.username, form.password: self.password}
                reply = browser.submit(reply, form, form.filled(filled, _first(form)))
            else:
                choice = self._choice(form, approves=approves)
                decided = decided or choice is not None
                reply = browser.submit(reply, form, form.filled({}, choice))
        return Destination(location="", history=tuple(browser.history), decided=decided)

    def _choice(self, form: Form, *, approves: bool) -> tuple[str, str] | None:
        configured = self.approve if approves else self.deny
        if configured:
            return configured
        deny = [button for button in form.buttons if any(word in " ".join(button).lower() for word in DENY_WORDS)]
        others = [button for button in form.buttons if button not in deny]
        chosen = others if approves else deny
        return chosen[0] if chosen else None


def _form(page: Reply) -> Form | None:
    """The form that a user would fill in: the one with a password field, else the first with method POST."""
    if page.media_type != "text/html":
        return None
    found = forms(page.text)
    return next(
        (form for form in found if form.password), next((form for form in found if form.method == "POST"), None)
    )


def _first(form: Form) -> tuple[str, str] | None:
    return form.buttons[0] if form.buttons else None
