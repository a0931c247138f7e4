"""Requests and responses as the service sees them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from email.message import Message


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request; path and query are as they were sent."""

    method: str
    path: str
    query: str
    headers: Message
    content: bytes
    local: str = ""  # the address at which it arrived

    def header(self, name: str) -> str:
        """The value of a field, empty where it is missing. Raises RefusedError where it is given twice."""
        given = self.headers.get_all(name, [])
        if len(given) > 1:
            raise RefusedError(400, f"{name} is given twice")
        return given[0] if given else ""

    @property
    def arguments(self) -> list[tuple[str, str]]:
        return parse_qsl(self.query, keep_blank_values=True)

    def argument(self, name: str) -> str | None:
        """The value of a query parameter. Raises RefusedError where it is given twice."""
        given = [value for known, value in self.arguments if known == name]
        if len(given) > 1:
            raise RefusedError(400, f"{name} is given twice")
        return given[0] if given else None


@dataclass(frozen=True, kw_only=True)
class Response:
    """One response."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""


class RefusedError(Exception):
    """The request is not carried out."""

    def __init__(self, status: int, told: str, **headers: str) -> None:
        super().__init__(told)
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def in_json(value: Any, status: int = 200, media_type: str = "application/json", **headers: str) -> Response:
    """A response with this value as its content."""
    fields = {"Content-Type": media_type, **{name.replace("_", "-"): each for name, each in headers.items()}}
    return Response(status=status, headers=fields, content=json.dumps(value).encode())
