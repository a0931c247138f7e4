"""HTML forms of a page, as a browser without scripts reads and sends them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

UNSENT = {"button", "reset", "image", "file"}  # types of inputs that are not sent


@dataclass(kw_only=True)
class Form:
    """A form: its fields and submit buttons as (name, value), and the types of the fields that a user fills in."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)  # name → type
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def password(self) -> str:
        """The name of the password field; empty if there is none."""
        return next((name for name, kind in self.kinds.items() if kind == "password"), "")

    @property
    def username(self) -> str:
        """The name of the last text field before the password."""
        before = list(self.kinds)[: list(self.kinds).index(self.password)] if self.password else []
        return next((name for name in reversed(before) if self.kinds[name] in {"text", "email", "tel"}), "")

    def filled(self, values: dict[str, str], button: tuple[str, str] | None) -> list[tuple[str, str]]:
        """What is sent, as (name, value): the fields, these values in them, and the button that was pressed."""
        sent = [(name, values.get(name, value)) for name, value in self.fields]
        return [*sent, *([button] if button and button[0] else [])]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self._open: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(action=given.get("action", ""), method=given.get("method", "get").upper())
            self.forms.append(self._open)
        elif self._open is not None and "disabled" not in given:
            self._take(self._open, tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None

    def _take(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, value = given.get("name", ""), given.get("value", "")
        kind = given.get("type", "submit" if tag == "button" else "text").lower()
        if tag in {"input", "button"} and kind == "submit":
            form.buttons.append((name, value))
        elif (
            tag == "input" and name and kind not in UNSENT and (kind not in {"checkbox", "radio"} or "checked" in given)
        ):
            form.fields.append((name, value or ("on" if kind == "checkbox" else "")))
            if kind != "hidden":
                form.kinds[name] = kind


def forms(page: str) -> list[Form]:
    """The forms of an HTML page, in document order."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms
