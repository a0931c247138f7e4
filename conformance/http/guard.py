"""What may leave for the target: nothing that is forbidden, and no change of what the suite did not make."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from conformance.errors import UntestableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.contract.operation import Operation
    from conformance.http.messages import Reply, Request

SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}  # RFC 9110, section 9.2.1
CHANGING = {"PUT", "PATCH", "DELETE"}  # change or remove what is at the path itself
OVERRIDES = {"x-http-method", "x-http-method-override", "x-method-override"}
OVERRIDE_PARAMETER = "_method"
TEMPLATE = re.compile(r"\\\{[^}]*\\\}")
LONGEST = 200  # characters of an identifier


@dataclass(kw_only=True)
class RequestGuard:
    """Looks at every request as it is about to be sent, whoever has made it.

    To what is `given` by the configuration something may be added.

    An operation under `never-call` is recognised by method and path, however the path is written and whichever field
    names another method. Unless the target's world is thrown away (`disposable`), nothing is changed that answers have
    shown before the suite has made it, and nothing that has no identifier in its path, such as a profile of the caller
    or a whole collection, but by operations that `may_change` it and by logging out.
    """

    operations: tuple[Operation, ...] = ()
    never_call: frozenset[str] = frozenset()
    may_change: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()
    disposable: bool = False
    _made: set[str] = field(default_factory=set)
    _shown: set[str] = field(default_factory=set)
    _new: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._templates = [(_pattern(operation), operation) for operation in self.operations]
        self._literals = {segment for operation in self.operations for segment in _segments(operation.path)}

    def check(self, request: Request) -> None:
        """Raises UntestableError if the request must not be sent."""
        if self.disposable and not self.never_call:
            return
        path = normalized(request.path)
        found = self._at(path)
        methods = set(_methods(request))
        for operation in found:
            if operation.id in self.never_call and _meant(operation, methods):
                raise UntestableError(f"{operation.id} is listed under never-call in [target].")
        if not self.disposable and methods - SAFE:
            self._require_own(request, path, found, methods)

    def note(self, reply: Reply) -> None:
        """Learns from an answer to a safe request what there is, but for what a creation was the first to tell of."""
        if self.disposable or not reply.success:
            return
        if reply.request.method in SAFE:
            self._shown.update(set(_identifiers(reply.json)) - self._made - self._new)
        elif reply.status == HTTPStatus.CREATED:
            self._new.update(set(_identifiers(reply.json)) - self._shown)

    def adopt(self, identifiers: Iterable[str]) -> None:
        """These have just been given to what the suite has made; one that was shown before is somebody else's."""
        self._made.update(set(identifiers) - self._shown)

    def _at(self, path: str) -> list[Operation]:
        """The operations whose path is the most concrete one that the path has the form of."""
        found = [operation for pattern, operation in self._templates if pattern.fullmatch(path)]
        fewest = min((len(operation.path_parameters) for operation in found), default=0)
        return [operation for operation in found if len(operation.path_parameters) == fewest]

    def _last_of(self, path: str) -> set[str]:
        """The identifier of what the path itself is about."""
        return set([each for each in _segments(path) if each not in self._literals][-1:])

    def _require_own(self, request: Request, path: str, found: list[Operation], methods: set[str]) -> None:
        segments = set(_segments(path)) - self._literals
        meant = [operation for operation in found if operation.method in methods & CHANGING]
        permitted = any(operation.interactive or operation.id in self.may_change for operation in meant)
        within = self.given if methods <= {"POST", *SAFE} or permitted else self.given - self._last_of(path)
        foreign = sorted(segments & self._shown - self._made - within)
        if meant and not permitted and not any(operation.addressed for operation in meant):
            raise UntestableError(
                f"{meant[0].id} changes what is there, and the suite changes nothing that it did not make. If it may, "
                "name the operation as `may-change` under [target]."
            )
        declared = any(operation.method in methods for operation in found)
        if foreign or (found and not declared and methods & CHANGING and not segments & self._made):
            what = f"{foreign[0]}, which was there before" if foreign else "what is there"
            raise UntestableError(
                f"{request.method} {request.path} could change {what}; the suite changes nothing that it did not make."
            )


def normalized(path: str) -> str:
    """The path as a lenient server may read it: decoded, without query, matrix parameters, dots and empty segments."""
    decoded = unquote(path.partition("?")[0])
    plain = "/".join(segment.partition(";")[0] for segment in decoded.split("/"))
    return "/" + posixpath.normpath(f"/{plain}").strip("/")


def _pattern(operation: Operation) -> re.Pattern[str]:
    return re.compile(TEMPLATE.sub("[^/]+", re.escape(normalized(operation.path))))


def _meant(operation: Operation, methods: set[str]) -> bool:
    """One of the methods leads to the operation; a HEAD is answered by what answers GET."""
    return operation.method in methods or (operation.method == "GET" and "HEAD" in methods)


def _methods(request: Request) -> Iterator[str]:
    """The method, and whatever else a server could take for it."""
    yield request.method.upper()
    for name, value in request.headers:
        if name.lower() in OVERRIDES:
            yield value.strip().upper()
    query, form = urlsplit(request.path).query, (request.body or b"").decode("utf-8", "replace")
    for text in (query, form):
        if OVERRIDE_PARAMETER in text:
            yield from (value.strip().upper() for name, value in parse_qsl(text) if name == OVERRIDE_PARAMETER)


def _segments(path: str) -> list[str]:
    return [unquote(segment) for segment in path.split("/") if segment]


def _identifiers(document: Any) -> Iterator[str]:
    """Every short text and whole number in a JSON document."""
    if isinstance(document, dict):
        for member in document.values():
            yield from _identifiers(member)
    elif isinstance(document, list):
        for element in document:
            yield from _identifiers(element)
    elif isinstance(document, str) and 0 < len(document) <= LONGEST:
        yield document
    elif isinstance(document, int) and not isinstance(document, bool):
        yield str(document)
