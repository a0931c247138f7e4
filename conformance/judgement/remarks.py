"""Remarks: sentences about an exchange, which say in a report what was observed and on which one it was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from conformance.http.messages import Reply, Request


class Remark(str):
    """A sentence about a reply, or about a request that got none; told without quotes."""

    __slots__ = ("reply", "unanswered")
    reply: Reply | None
    unanswered: Request | None

    def __new__(cls, sentence: str, reply: Reply | None = None, *, unanswered: Request | None = None) -> Self:
        remark = super().__new__(cls, sentence)
        remark.reply = reply
        remark.unanswered = unanswered
        return remark

    def __repr__(self) -> str:
        return str(self)
