"""Conditional requests (RFC 9110 section 13): If-Match and If-None-Match."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from reference_impl.domain.refusals import RefusalError

if TYPE_CHECKING:
    from flask import Request

    from reference_impl.contract import Operation
    from reference_impl.domain.entities import Versioned

ENTITY_TAG = re.compile(r'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')


class EntityTags:
    """The strong validator of each representation."""

    def of(self, entity: Versioned) -> str:
        return f'"{entity.id}.{entity.version}"'

    def of_content(self, _request: Request, content: bytes) -> str:
        """The validator of what has no version, such as a list: equal content, equal tag."""
        return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


class Preconditions:
    """Decides whether a request still fits the current state of its object."""

    def __init__(self, tags: EntityTags) -> None:
        self.tags = tags

    def expected(self, request: Request, subject: Versioned) -> int | None:
        """The version that the write must find, or None; raises the refusal if it has passed already."""
        field = self.if_match(request)
        if field is None:
            return None
        if field.strip() != "*" and not self.matches_strongly(field, self.tags.of(subject)):
            raise self.failed()
        return subject.version

    def insist(self, request: Request, operation: Operation) -> None:
        """Raises the refusal of a write that names no state where one is required."""
        if operation.requires("If-Match") and "If-Match" not in request.headers:
            raise self.missing()

    def if_match(self, request: Request) -> str | None:
        return request.headers.get("If-Match")

    def unchanged(self, request: Request, tag: str) -> bool:
        """Whether the client has the current representation already."""
        field = request.headers.get("If-None-Match")
        if field is None:
            return False
        return field.strip() == "*" or self.matches_weakly(field, tag)

    def matches_strongly(self, field: str, tag: str) -> bool:
        return any(each == tag and not weak for weak, each in self.listed(field))

    def matches_weakly(self, field: str, tag: str) -> bool:
        return any(each == tag for _, each in self.listed(field))

    def listed(self, field: str) -> list[tuple[str, str]]:
        """The tags of a field, each with its weakness prefix."""
        return ENTITY_TAG.findall(field)

    def missing(self) -> RefusalError:
        return RefusalError("precondition-required", "Read first, and send the tag in If-Match.")

    def failed(self) -> RefusalError:
        return RefusalError("precondition-failed", "The tag is no longer current; read again, then change.")
