"""Lists: whole or in pages, and what the query asks of them."""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dialects.server.messages import RefusedError

if TYPE_CHECKING:
    from dialects.dialect import Dialect
    from dialects.members import Json
    from dialects.server.answers import Answers
    from dialects.server.messages import Request, Response
    from dialects.server.store import Thing

USUAL, MOST = 5, 50  # items of a page
WHOLE = re.compile(r"[0-9]{1,5}")
COLORS = {"red", "green", "blue"}
SEPARATORS = {"joined": ",", "pipes": "|", "spaces": " "}


@dataclass(frozen=True, kw_only=True)
class Lists:
    """Answers about the things that a caller sees."""

    dialect: Dialect
    answers: Answers
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def answered(self, request: Request, things: list[Thing], caller: str) -> Response:
        self.check_query(request)
        page = self.page(request, things, caller)
        shown = [self.answers.shown(thing) for thing in page]
        if self.dialect.collection == "bare" and self.dialect.pages != "cursor":
            return self.answers.content(shown)
        whole: Json = {"data": shown, "total": len(things)}
        if self.dialect.pages == "cursor":
            whole["next"] = self.cursor(page[-1], caller) if page and page[-1] is not things[-1] else None
        return self.answers.content(whole)

    def page(self, request: Request, things: list[Thing], caller: str) -> list[Thing]:
        """The part of the things that the query asks for."""
        if self.dialect.pages == "none":
            return things
        limit = self.whole(request, "limit", USUAL, 1, MOST)
        if self.dialect.pages == "cursor":
            after = self.position(request.argument("cursor"), caller)
            return [thing for thing in things if thing.number > after][:limit]
        if self.dialect.pages == "page":
            start = (self.whole(request, "page", 1, 1, 9999) - 1) * limit
        else:
            start = self.whole(request, "offset", 0, 0, 99999)
        return things[start : start + limit]

    def whole(self, request: Request, name: str, usual: int, least: int, most: int) -> int:
        """A whole number out of the query. Raises RefusedError."""
        given = request.argument(name)
        if given is None:
            return usual
        if not WHOLE.fullmatch(given) or not least <= int(given) <= most:
            raise RefusedError(400, f"{name} is not valid")
        return int(given)

    def cursor(self, last: Thing, caller: str) -> str:
        """Where the next page begins, good for this caller alone."""
        place = str(last.number)
        return base64.urlsafe_b64encode(f"{place}.{self.seal(place, caller)}".encode()).decode().rstrip("=")

    def position(self, cursor: str | None, caller: str) -> int:
        """The number behind which the page begins. Raises RefusedError."""
        if cursor is None:
            return 0
        try:
            place, _, seal = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii").partition(".")
        except ValueError:
            place = seal = ""
        if not place or not hmac.compare_digest(seal, self.seal(place, caller)):
            raise RefusedError(400, "the cursor is not valid")
        return int(place)

    def seal(self, place: str, caller: str) -> str:
        return hmac.new(self.secret, f"{place} {caller}".encode(), "sha256").hexdigest()

    def check_query(self, request: Request) -> None:
        """Raises RefusedError where a parameter is not in the declared style."""
        style = self.dialect.query
        if style == "deep-object":
            self.check_filter(request)
        if style == "form":
            self.check_tags([value for name, value in request.arguments if name == "tags"])
        if style in SEPARATORS and (value := request.argument("tags")) is not None:
            self.check_tags(value.split(SEPARATORS[style]) if value else [])

    def check_tags(self, tags: list[str]) -> None:
        if not set(tags) <= COLORS:
            raise RefusedError(400, "there is no such tag")

    def check_filter(self, request: Request) -> None:
        given = [(name, value) for name, value in request.arguments if name.partition("[")[0] == "filter"]
        if any(name != "filter[color]" or value not in {"red", "green"} for name, value in given) or len(given) > 1:
            raise RefusedError(400, "the filter is not valid")
