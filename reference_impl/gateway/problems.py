"""Refusals as `application/problem+json` (RFC 9457)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flask import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reference_impl.domain.refusals import Offence, RefusalError

KINDS: Mapping[str, tuple[int, str]] = {
    "malformed-request": (400, "The request cannot be understood."),
    "idempotency-key-missing": (400, "An idempotency key is required."),
    "idempotency-key-malformed": (400, "The idempotency key is malformed."),
    "unauthenticated": (401, "Authentication is required."),
    "insufficient-scope": (403, "The access token lacks a scope."),
    "insufficient-role": (403, "The role is missing."),
    "forged-request": (403, "The request may come from another site."),
    "not-found": (404, "Nothing is here."),
    "method-not-allowed": (405, "The method is not supported here."),
    "conflict": (409, "The request conflicts with the present state."),
    "idempotency-key-in-progress": (409, "A request with this key is still running."),
    "precondition-failed": (412, "The precondition does not hold."),
    "payload-too-large": (413, "The body is too large."),
    "unsupported-media-type": (415, "The media type is not supported."),
    "validation": (422, "The request does not fit the contract."),
    "idempotency-key-reused": (422, "The key was used with another request."),
    "gone": (410, "The link cannot be followed any more."),
    "taken-down": (451, "The link was taken down."),
    "precondition-required": (428, "A precondition is required."),
    "rate-limited": (429, "The quota is used up."),
    "internal": (500, "Something went wrong on our side."),
    "unavailable": (503, "The service is not available now."),
}


class Problems:
    """Renders refusals."""

    base = "https://links.example/problems/"
    media_type = "application/problem+json"

    def render(self, refusal: RefusalError, request_id: str) -> Response:
        status = self.status(refusal)
        response = Response(self.serialise(self.document(refusal, request_id)), status, mimetype=self.media_type)
        response.headers.update(self.headers(refusal))
        return response

    def status(self, refusal: RefusalError) -> int:
        return KINDS[refusal.kind][0]

    def headers(self, refusal: RefusalError) -> Mapping[str, str]:
        return refusal.headers

    def document(self, refusal: RefusalError, request_id: str) -> dict[str, Any]:
        document: dict[str, Any] = {
            "type": self.type(refusal),
            "title": self.title(refusal),
            "status": self.status_member(refusal),
            "detail": self.detail(refusal),
            "request_id": request_id,
        }
        if refusal.offences:
            document["errors"] = self.errors(refusal)
        return document

    def type(self, refusal: RefusalError) -> str:
        return self.base + refusal.kind

    def title(self, refusal: RefusalError) -> str:
        """The kind in words; what is wrong this time is the detail."""
        return KINDS[refusal.kind][1]

    def status_member(self, refusal: RefusalError) -> Any:
        return self.status(refusal)

    def detail(self, refusal: RefusalError) -> str:
        return refusal.detail

    def errors(self, refusal: RefusalError) -> list[dict[str, str]]:
        return [self.entry(offence) for offence in refusal.offences]

    def entry(self, offence: Offence) -> dict[str, str]:
        members = {"pointer": offence.pointer, "parameter": offence.parameter, "detail": offence.detail}
        return {name: value for name, value in members.items() if value is not None}

    def serialise(self, document: Mapping[str, Any]) -> bytes:
        return json.dumps(document, ensure_ascii=False).encode("utf-8", "backslashreplace")
