"""Requests and replies as values."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, unquote_plus, urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.http.connections import ClientCertificate

Headers = tuple[tuple[str, str], ...]
SHOWN = 4000  # characters of a body that stand in a sentence, before what is secret is masked and the sentence cut
FORM = "application/x-www-form-urlencoded"  # the media type of HTML forms and of OAuth requests


@dataclass(frozen=True, kw_only=True, eq=False)
class Request:
    """A request to the target; `path`, below the client's base URL unless it is one of the whole host, is sent as is.

    `operation` is its operationId, `parameters` the values in its path, `marker` an unguessable value in its body,
    `credentials` the secrets that an account has put into it, each with a name by which a report may call it.
    """

    method: str
    path: str
    headers: Headers = ()
    body: bytes | None = None
    operation: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    marker: str = ""
    below_base: bool = True
    credentials: tuple[tuple[str, str], ...] = ()
    certificate: ClientCertificate | None = None  # which the client shows

    def header(self, name: str) -> str:
        """The first field of that name; empty if there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    def with_header(self, name: str, value: str) -> Request:
        """The request with this field in the place of all fields of that name."""
        return replace(self, headers=(*self.without_header(name).headers, (name, value)))

    def with_added_header(self, name: str, value: str) -> Request:
        """The request with this field beside others of that name."""
        return replace(self, headers=(*self.headers, (name, value)))

    def without_header(self, name: str) -> Request:
        return replace(self, headers=tuple(pair for pair in self.headers if pair[0].lower() != name.lower()))

    def with_cookie(self, pair: str) -> Request:
        """The request with this `name=value` beside other cookies, all in one field (RFC 6265, section 5.4)."""
        return self.with_header("Cookie", "; ".join(filter(None, [self.header("Cookie"), pair])))

    def with_basic_auth(self, username: str, password: str) -> Request:
        """The request with these credentials (RFC 7617); a client's are its id and secret (RFC 6749, section 2.3.1)."""
        credentials = base64.b64encode(f"{username}:{password}".encode()).decode()
        return self.with_header("Authorization", f"Basic {credentials}")

    def with_bearer_token(self, token: str) -> Request:
        """The request with this token (RFC 6750, section 2.1)."""
        return self.with_header("Authorization", f"Bearer {token}")

    def with_body(self, body: bytes, media_type: str = "") -> Request:
        sent = replace(self, body=body)
        return sent.with_header("Content-Type", media_type) if media_type else sent

    def with_form(self, fields: Mapping[str, str]) -> Request:
        """The request with these fields as an HTML form."""
        return self.with_body(urlencode(fields).encode(), FORM)

    def with_json(self, value: Any, media_type: str = "") -> Request:
        """The request with this value as its JSON body."""
        return self.with_body(json.dumps(value).encode(), media_type)

    def with_members(self, **members: Any) -> Request:
        """The request with these members in its body, which is JSON or an HTML form."""
        if self.header("Content-Type").partition(";")[0].strip().lower() != FORM:
            return self.with_json({**self.json, **members})
        pairs = parse_qsl((self.body or b"").decode("utf-8", "replace"), keep_blank_values=True)
        kept = [(name, value) for name, value in pairs if name not in members]
        return self.with_body(urlencode([*kept, *members.items()]).encode())

    def with_query(self, **parameters: str) -> Request:
        """The request with these parameters in its query, in the place of those that have their names."""
        path, kept = self._query_without(*parameters)
        return replace(self, path=f"{path}?{'&'.join([*kept, urlencode(parameters)])}")

    def without_query(self, name: str) -> Request:
        """The request without the parameter of this name in its query."""
        path, kept = self._query_without(name)
        return replace(self, path="?".join([path, *filter(None, ["&".join(kept)])]))

    def _query_without(self, *names: str) -> tuple[str, list[str]]:
        """The path, and what the query holds beside these names."""
        path, _, query = self.path.partition("?")
        return path, [pair for pair in query.split("&") if pair and unquote_plus(pair.partition("=")[0]) not in names]

    def with_added_query(self, name: str, value: str) -> Request:
        """The request with this parameter once more in its query."""
        return replace(self, path=f"{self.path}{'&' if '?' in self.path else '?'}{urlencode({name: value})}")

    def with_credential(self, secret: str, name: str) -> Request:
        """The request, known to hold this secret, which has this name."""
        return replace(self, credentials=(*self.credentials, (secret, name)))

    def with_certificate(self, certificate: ClientCertificate | None) -> Request:
        """The request on a connection on which the client shows this certificate."""
        return replace(self, certificate=certificate)

    def has_query(self, name: str) -> bool:
        """A parameter of this name is in its query."""
        query = self.path.partition("?")[2]
        return any(unquote_plus(pair.partition("=")[0]) == name for pair in query.split("&"))

    def with_method(self, method: str) -> Request:
        return replace(self, method=method)

    def at(self, path: str) -> Request:
        """The request to another path."""
        return replace(self, path=path)

    def holds(self, text: str) -> bool:
        """The text stands in path, header fields or body."""
        fields = (value for _, value in self.headers)
        return any(text in part for part in (self.path, *fields)) or text.encode("utf-8", "replace") in (
            self.body or b""
        )

    @property
    def marked(self) -> bool:
        """The body holds the marker, so that the effect of this request can be told from that of others."""
        return bool(self.marker) and self.marker.encode() in (self.body or b"")

    @cached_property
    def json(self) -> dict[str, Any]:
        """The members of the body, none if it is no JSON object."""
        return self.document if isinstance(self.document, dict) else {}

    @cached_property
    def document(self) -> Any:
        """The body as JSON, None if it is none."""
        try:
            return json.loads(self.body or b"")
        except (ValueError, RecursionError):
            return None


def fill(template: str, parameters: Mapping[str, str]) -> str:
    """A path template with its parameters filled in, percent-encoded."""
    path = template
    for name, value in parameters.items():
        path = path.replace("{" + name + "}", quote(str(value), safe=""))
    return path


@dataclass(frozen=True, kw_only=True, eq=False)
class Reply:
    """A reply of the target; `url` is that of the request, `seconds` how long the exchange took."""

    request: Request
    status: int
    headers: Headers
    body: bytes
    url: str
    seconds: float

    def header(self, name: str) -> str:
        """All fields of that name, joined by commas; empty if there is none."""
        return ", ".join(value for key, value in self.headers if key.lower() == name.lower())

    @property
    def media_type(self) -> str:
        """The media type without parameters, in lower case; empty if there is none."""
        return self.header("Content-Type").partition(";")[0].strip().lower()

    @cached_property
    def text(self) -> str:
        """The body as UTF-8 text, with U+FFFD for what is none."""
        return self.body.decode("utf-8", "replace")

    @cached_property
    def json(self) -> Any:
        """The body as JSON, None if it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def member(self, name: str) -> Any:
        """A member of the JSON body; None if it is missing."""
        return self.json.get(name) if isinstance(self.json, dict) else None

    def words(self, name: str) -> list[str]:
        """The words of a member of the JSON body, such as scopes; none if it is no text."""
        member = self.member(name)
        return member.split() if isinstance(member, str) else []

    def number(self, name: str) -> float | None:
        """A member of the JSON body, if it is a number; else None."""
        member = self.member(name)
        return member if isinstance(member, int | float) else None

    @property
    def success(self) -> bool:
        """The status is 2xx."""
        return 200 <= self.status < 300

    @property
    def refused(self) -> bool:
        """The status is 4xx, or 3xx as of a redirect to a login page."""
        return 300 <= self.status < 500

    @cached_property
    def full_text(self) -> str:
        """Status, header fields and body, to search for what the reply discloses."""
        return "\n".join([str(self.status), *(f"{name}: {value}" for name, value in self.headers), self.text])

    def __repr__(self) -> str:
        return f"{self.status} {self.text[:SHOWN]}".rstrip()
