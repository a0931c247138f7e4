"""What is asked, what is answered, and what is refused."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract import Json, Operation
    from werkzeug.datastructures import Headers


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A request to one operation, from a user who may call it ("" where users do not matter)."""

    operation: Operation
    user: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Headers
    media_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int
    content: Any = None  # any JSON value; None stands for no content
    headers: Mapping[str, str] = field(default_factory=dict)


class RefusalError(Exception):
    """The request is not done; `violations` name the members that are to blame."""

    def __init__(
        self, status: int, detail: str, *, headers: Mapping[str, str] | None = None, violations: tuple[Json, ...] = ()
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers or {}
        self.violations = violations


class Problems:
    """How refusals are written (RFC 9457)."""

    media_type = "application/problem+json"

    def written(self, refusal: RefusalError) -> Json:
        title = HTTPStatus(refusal.status).phrase
        kind = "urn:clinic:problem:" + title.lower().replace(" ", "-")
        problem: Json = {"type": kind, "title": title, "status": refusal.status, "detail": refusal.detail}
        return {**problem, "violations": list(refusal.violations)} if refusal.violations else problem


class Bodies:
    """Reads the body of a request: media type, then JSON, then the schema of the contract."""

    def read(self, ask: Ask) -> Any:
        if ask.media_type != "application/json":
            raise RefusalError(415, "Send application/json.")
        body = self.parsed(ask.content)
        self.check(ask.operation, body)
        return body

    def parsed(self, content: bytes) -> Any:
        try:
            value = json.loads(content.decode("utf-8"), parse_constant=self._refuse_constant)
            json.dumps(value, ensure_ascii=False).encode("utf-8")  # a lone surrogate is no text
        except (ValueError, RecursionError) as error:
            raise RefusalError(400, "The body is not JSON.") from error
        return value

    def check(self, operation: Operation, body: Any) -> None:
        found = operation.body.iter_errors(body) if operation.body else ()
        violations = tuple(
            {"pointer": "".join(f"/{step}" for step in error.instance_path), "detail": error.message[:200]}
            for error in found
        )
        if violations:
            raise RefusalError(400, "The body does not fit the contract.", violations=violations)

    @staticmethod
    def _refuse_constant(name: str) -> None:
        raise ValueError(name)
