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
    from collections.abc import Iterator, Mapping

    from conformance.contract.operation import Operation
    from conformance.http.messages import Reply, Request

SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}  # RFC 9110, section 9.2.1
CHANGING = {"PUT", "PATCH", "DELETE"}  # change or remove what is at the path itself
OVERRIDES = {"x-http-method", "x-http-method-override", "x-method-override"}
OVERRIDE_PARAMETER = "_method"
TEMPLATE = re.compile(r"\\\{[^}]*\\\}")
LONGEST = 200  # characters of an identifier
NAMES_NUMBER = re.compile(r".*(id|ids|pk|number|no|key|ref|reference|code)", re.IGNORECASE)
PARAMETER = re.compile(r"\{([^}]*)\}")


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
    _made: set[tuple[str, str]] = field(default_factory=set)  # literal before it in a path, and identifier
    _shown: set[str] = field(default_factory=set)
    _listed: set[tuple[str, str]] = field(default_factory=set)  # the same, where a reading has shown the thing itself
    _new: set[str] = field(default_factory=set)
    _born: set[tuple[str, str]] = field(default_factory=set)  # as listed, where a creation was the first to tell of it

    def __post_init__(self) -> None:
        self._templates = [(_pattern(operation), operation) for operation in self.operations]
        self._literals = {segment for operation in self.operations for segment in _segments(operation.path)}
        self._parameters = {name.lower() for operation in self.operations for name in operation.path_parameters}

    def check(self, request: Request) -> None:
        """Raises UntestableError if the request must not be sent."""
        if self.disposable and not self.never_call:
            return
        path = normalized(request.path)
        found = self._at(path)
        methods = set(_methods(request))
        for operation in found:
            if _meant(operation, methods):
                self.require_callable(operation)
        if not self.disposable and methods - SAFE:
            self._require_own(request, path, found, methods)

    def require_callable(self, operation: Operation) -> None:
        """Raises UntestableError if the configuration says that the operation is never to be called."""
        if operation.id in self.never_call:
            raise UntestableError(f"{operation.id} is listed under never-call in [target].")

    def note(self, reply: Reply) -> None:
        """Learns from an answer to a safe request what there is, but for what a creation was the first to tell of."""
        if self.disposable or not reply.success:
            return
        told, place = set(self._identifiers(reply.json)), self._place(reply.request)
        numbers = {(place, each) for each in _own_numbers(reply.json)}
        if reply.request.method in SAFE:
            own = {value for _, value in self._made} | self._new
            self._shown.update(each for each in told if each.isdigit() or each not in own)
            self._listed.update(numbers)
        elif reply.status == HTTPStatus.CREATED:
            self._new.update(told - self._shown)
            self._born.update(numbers - self._listed)

    def adopt(self, operation: Operation, parameters: Mapping[str, str], *, created: bool = False) -> None:
        """These path parameters have just been given to what the suite has made.

        What was shown before is somebody else's, but for a number that was shown of other things alone, where the
        target says that it was `created`.
        """
        for place, segment in _places(_segments(operation.path), self._literals):
            value = PARAMETER.sub(lambda found: str(parameters.get(found[1], found[0])), segment)
            own = (place, value) in self._born or (place, value) not in self._listed
            if value not in self._shown or (created and value.isdigit() and own):
                self._made.add(_own(place, value))

    def _identifiers(self, document: Any, name: str = "id") -> Iterator[str]:
        """Every short text in a JSON document, and each whole number whose member names something."""
        if isinstance(document, dict):
            for member, value in document.items():
                yield from self._identifiers(value, member)
        elif isinstance(document, list):
            for element in document:
                yield from self._identifiers(element, name)
        elif isinstance(document, str) and 0 < len(document) <= LONGEST:
            yield document
        elif isinstance(document, int) and not isinstance(document, bool) and self._names(name):
            yield str(document)

    def _names(self, member: str) -> bool:
        """A number in this member may identify something."""
        return bool(NAMES_NUMBER.fullmatch(member)) or member.lower() in self._parameters

    def _place(self, request: Request) -> str:
        """The last literal of the path: what the thing itself is called in other paths."""
        return next((each for each in reversed(_segments(normalized(request.path))) if each in self._literals), "")

    def _at(self, path: str) -> list[Operation]:
        """The operations whose path is the most concrete one that the path has the form of."""
        found = [operation for pattern, operation in self._templates if pattern.fullmatch(path)]
        fewest = min((len(operation.path_parameters) for operation in found), default=0)
        return [operation for operation in found if len(operation.path_parameters) == fewest]

    def _last_of(self, path: str) -> set[str]:
        """The identifier of what the path itself is about."""
        return set([each for each in _segments(path) if each not in self._literals][-1:])

    def _require_own(self, request: Request, path: str, found: list[Operation], methods: set[str]) -> None:
        places = list(_places(_segments(path), self._literals))
        made = [value for place, value in places if _own(place, value) in self._made]
        meant = [operation for operation in found if operation.method in methods & CHANGING]
        permitted = any(operation.interactive or operation.id in self.may_change for operation in meant)
        within = self.given if methods <= {"POST", *SAFE} or permitted else self.given - self._last_of(path)
        foreign = sorted({value for _, value in places} & self._shown - set(made) - within)
        if meant and not permitted and not any(operation.addressed for operation in meant):
            raise UntestableError(
                f"{meant[0].id} changes what is there, and the suite changes nothing that it did not make. If it may, "
                "name the operation as `may-change` under [target]."
            )
        declared = any(operation.method in methods for operation in found)
        if foreign or (found and not declared and methods & CHANGING and not made):
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


def _places(segments: list[str], literals: set[str]) -> Iterator[tuple[str, str]]:
    """The segments that identify something, each with the literal one before it."""
    place = ""
    for segment in segments:
        if segment in literals and "{" not in segment:
            place = segment
        else:
            yield place, segment


def _own_numbers(document: Any) -> Iterator[str]:
    """The numbers by which the object that a document shows, or those that it lists, are called themselves."""
    inner = [each for each in document.values() if isinstance(each, list)] if isinstance(document, dict) else []
    listed = [element for array in (document, *inner) if isinstance(array, list) for element in array]
    for shown in (document, *listed):
        found = shown.get("id", shown.get("pk")) if isinstance(shown, dict) else None
        if isinstance(found, int):
            yield str(found)


def _own(place: str, value: str) -> tuple[str, str]:
    """How an identifier is remembered: a number means nothing without its place, a text is one of its kind."""
    return (place if value.isdigit() else "", value)
