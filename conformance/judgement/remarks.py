"""Remarks: sentences about a reply, which say in a report what was observed and on which answer it was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from conformance.http.messages import Reply


class Remark(str):
    """A sentence about a reply; told without quotes."""

    __slots__ = ("reply",)
    reply: Reply | None

    def __new__(cls, sentence: str, reply: Reply | None = None) -> Self:
        remark = super().__new__(cls, sentence)
        remark.reply = reply
        return remark

    def __repr__(self) -> str:
        return str(self)
