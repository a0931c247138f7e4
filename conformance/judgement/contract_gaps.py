"""Contract gaps: what a target sensibly does and its contract does not describe, collected during a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.results.model import Gap

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.contract.operation import Operation
    from conformance.http.messages import Reply
    from conformance.requests.request_generator import Deviation


class Gaps:
    """Collects gaps: the same omission at several operations is one gap with several places."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, str], list[str]] = {}

    def note(self, *, what: str, place: str, mend: str) -> None:
        """Adds a place to a gap; `mend` holds the lines that the contract lacks there."""
        places = self._places.setdefault((what, mend), [])
        if place not in places:
            places.append(place)

    @property
    def found(self) -> tuple[Gap, ...]:
        return tuple(Gap(what=what, places=tuple(places), mend=mend) for (what, mend), places in self._places.items())


def merged(gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    """The gaps of several workers, each once with all its places."""
    whole = Gaps()
    for gap in gaps:
        for place in gap.places:
            whole.note(what=gap.what, place=place, mend=gap.mend)
    return whole.found


def is_gap(deviation: Deviation, reply: Reply) -> bool:
    """The contract is silent, rather than contradicted: about a status other than 5xx, or about a media type."""
    return deviation.kind in {"status", "media type"} and reply.status < 500


def note_gap(gaps: Gaps, operation: Operation, deviation: Deviation, reply: Reply) -> None:
    """Adds a gap for what the contract leaves out about a reply, with the lines to be added to the operation."""
    if deviation.kind == "status":
        what = f"an answer of {reply.status} is not described"
        described = ["description: …", *_content(reply)]
    else:
        what = f"the media type {reply.media_type or '(none)'} of {reply.status} is not described"
        described = _content(reply)
    mend = "\n".join(["responses:", f'  "{reply.status}":', *(f"    {line}" for line in described)])
    gaps.note(what=what, place=operation.id, mend=mend)


def note_loose_schema(gaps: Gaps, operation: Operation, reply: Reply) -> None:
    """Adds a gap for a request that the schemas of the operation permit, by saying nothing, and that was refused."""
    gaps.note(
        what=f"the schemas permit requests that are answered {reply.status}",
        place=operation.id,
        mend="parameters and requestBody:\n  schema: {…}  # what is wanted: required, enum, pattern, maxLength",
    )


def note_undeclared_method(gaps: Gaps, operation: Operation, reply: Reply) -> None:
    """Adds a gap for a path that answers a method that it does not declare with something else than 405."""
    method = reply.request.method
    gaps.note(
        what=f"{method} is not declared, and answered {reply.status} instead of 405 (RFC 9110 §15.5.6)",
        place=operation.path,
        mend=f'{method.lower()}:\n  responses:\n    "{reply.status}": {{description: …}}',
    )


def _content(reply: Reply) -> list[str]:
    return [f"content: {{{reply.media_type}: {{}}}}"] if reply.media_type else []
