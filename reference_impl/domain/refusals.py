"""Why a request is not carried out; each refusal becomes one problem type."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True)
class Offence:
    """One offending member: a JSON Pointer into the body, or the name of a parameter."""

    detail: str
    pointer: str | None = None
    parameter: str | None = None

    def __str__(self) -> str:
        return f"{self.pointer or self.parameter or 'the body'}: {self.detail}"


@dataclass
class RefusalError(Exception):
    """A request that is not carried out.

    `kind` is the last segment of the problem's type; `headers` go with the answer.
    """

    kind: str
    detail: str
    offences: tuple[Offence, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


def not_found() -> RefusalError:
    return RefusalError("not-found", "Nothing is here, or nothing of yours.")


def conflict(detail: str) -> RefusalError:
    return RefusalError("conflict", detail)


def invalid(*offences: Offence) -> RefusalError:
    """The body was understood, but breaks its schema or a rule."""
    return RefusalError("validation", "; ".join(map(str, offences)), offences)


def malformed(detail: str, *offences: Offence) -> RefusalError:
    """The request cannot be understood."""
    return RefusalError("malformed-request", detail, offences)
