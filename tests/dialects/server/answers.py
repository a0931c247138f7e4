"""Showing things and refusals."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from dialects.media import PROBLEMS, shown_type
from dialects.members import members
from dialects.operations import BASES
from dialects.server.messages import Response, in_json

if TYPE_CHECKING:
    from dialects.dialect import Dialect
    from dialects.members import Json
    from dialects.server.messages import RefusedError, Request
    from dialects.server.store import Thing


@dataclass(frozen=True, kw_only=True)
class Answers:
    """Makes responses."""

    dialect: Dialect

    def shown(self, thing: Thing) -> Json:
        """The representation of a thing."""
        hidden = {member.name for member in members(self.dialect) if member.hidden}
        found: Json = {"id": self.identifier(thing)}
        if self.dialect.volatile:
            found["age"] = round(time.monotonic() - thing.since, 3)
        if self.dialect.owner:
            found["owner"] = thing.owner
        if self.dialect.tags != "none":
            found["version"] = thing.version
        return found | {name: value for name, value in thing.values.items() if name not in hidden}

    def identifier(self, thing: Thing) -> str | int:
        return int(thing.id) if self.dialect.identifier == "number" else thing.id

    def whole(self, thing: Thing, status: int = 200) -> Response:
        """The thing as read and change show it."""
        headers = {"ETag": self.tag(thing)} if self.dialect.tags != "none" else {}
        return self.content(self.wrapped(self.shown(thing)), status, headers)

    def wrapped(self, value: Any) -> Any:
        return {"data": value} if self.dialect.answer == "envelope" else value

    def tag(self, thing: Thing) -> str:
        return f'{"W/" if self.dialect.tags == "weak" else ""}"{thing.version}"'

    def content(self, value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
        return in_json(value, status, shown_type(self.dialect), **(headers or {}))

    def created(self, thing: Thing, request: Request) -> Response:
        headers = {} if self.dialect.location == "none" else {"Location": self.address(thing, request)}
        if self.dialect.answer == "nothing":
            return Response(status=self.dialect.created, headers=headers)
        value = {"id": self.identifier(thing)} if self.dialect.answer == "id" else self.wrapped(self.shown(thing))
        return self.content(value, self.dialect.created, headers)

    def address(self, thing: Thing, request: Request) -> str:
        """The reference by which Location names the thing (RFC 9110, section 10.2.2)."""
        segment = quote(thing.id, safe="") + ("/" if self.dialect.slash else "")
        if self.dialect.query == "required":
            segment += f"?tenant={request.argument('tenant')}"
        above = f"/shelves/{thing.shelf}" if thing.shelf else ""
        path = f"{BASES[self.dialect.base]}{above}/things/{segment}"
        if self.dialect.location == "absolute":
            return f"http://{self.authority(request)}{path}"
        if self.dialect.location == "relative":
            return segment if self.dialect.slash else f"things/{segment}"
        return path

    def authority(self, request: Request) -> str:
        """Where the server is, whatever the request says of it."""
        return request.local

    def refusal(self, refusal: RefusedError) -> Response:
        told = str(refusal)
        title = HTTPStatus(refusal.status).phrase
        content: Any = {"type": "about:blank", "title": title, "status": refusal.status, "detail": told}
        if self.dialect.problems == "json":
            content = {"message": told}
        encoded = told.encode() if self.dialect.problems == "text" else json.dumps(content).encode()
        headers = {"Content-Type": PROBLEMS[self.dialect.problems], **refusal.headers}
        return Response(status=refusal.status, headers=headers, content=encoded)
