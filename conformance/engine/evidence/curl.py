"""The line for a shell that repeats a request: secrets stand in it as variables, everything else as it was sent."""

from __future__ import annotations

import base64
import shlex
from dataclasses import dataclass, field
from itertools import count, groupby
from typing import TYPE_CHECKING

from conformance.engine.evidence.repetitions import repetitions
from conformance.results.wording import shared_start

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.engine.evidence.repetitions import Repetition
    from conformance.http.client import Record
    from conformance.http.redaction import Redaction

SHORT = 2_000  # bytes of a body that stand in a line as they are
LONGEST = 16_000  # characters of a body that stand in a line
SHARED = 16  # characters that a manipulated credential has in common with a valid one
JWT_DOTS = 2
TOO_LONG = "body.bin"


@dataclass(kw_only=True)
class Curl:
    """Writes the line for one record; `options` are those that the target needs, such as a CA file.

    `variables` holds, once the line is written, the secrets that it names.
    """

    record: Record
    redaction: Redaction
    options: tuple[str, ...] = ()
    variables: dict[str, str] = field(default_factory=dict)

    def line(self) -> str:
        """A line for bash, in which `TOKEN_ALICE` and the like are to be set."""
        return " ".join(self._words())

    def _words(self) -> Iterator[str]:
        record, request = self.record, self.record.request
        yield from ("curl", "-i", "--path-as-is", "-g") if _is_odd(record.url) else ("curl", "-i")
        yield from self.options
        if request.certificate:
            yield from ("--cert", literal(request.certificate.path))
        if request.certificate and request.certificate.private_key:
            yield from ("--key", literal(request.certificate.private_key))
        yield from ("--head",) if request.method == "HEAD" else ("-X", self._word(request.method))
        yield self._word(record.url)
        for name, value in request.headers:
            yield from self._field(name, value)
        if request.body:
            if not request.header("Content-Type"):
                yield from ("-H", "'Content-Type:'")  # else it names the one of a form
            yield from ("--data-binary", self._body(request.body))

    def _field(self, name: str, value: str) -> Iterator[str]:
        value = value.encode("latin-1", "replace").decode("utf-8", "surrogateescape")  # as it is sent
        scheme, space, rest = value.partition(" ") if name.lower() == "authorization" else ("", "", value)
        user = self._client_credentials(rest) if space else ""
        if user and scheme == "Basic":
            yield from ("-u", user)
        elif user:
            yield from ("-H", joined([f"{name}: {scheme} ", Code(f'"$(printf %s {user} | base64 -w0)"')]))
        elif not value:
            yield from ("-H", literal(f"{name};"))
        else:
            yield from ("-H", joined([f"{name}: {scheme}{space}", *self._credential(rest)]))

    def _client_credentials(self, encoded: str) -> str:
        """The user and password of the credentials, if a known secret is in them (RFC 7617)."""
        try:
            plain = base64.b64decode(encoded, validate=True).decode()
        except ValueError:
            return ""
        parts = self._parts(plain)
        return joined(parts) if any(isinstance(part, Code) for part in parts) else ""

    def _credential(self, value: str) -> list[str]:
        """The value; what it takes from a valid credential is taken from the variable that stands for that."""
        parts = self._parts(value)
        if any(isinstance(part, Code) for part in parts):
            return parts
        for secret, name in self.record.request.credentials:
            if found := derived(value, secret, name):
                self.variables[name] = secret
                return found
        return parts

    def _body(self, body: bytes) -> str:
        runs = repetitions(body)
        if b"\0" not in body and len(body) <= SHORT and not runs:
            return joined(self._parts(body.decode("utf-8", "surrogateescape")))
        if len(body) - sum(run.end - run.start for run in runs) <= LONGEST:
            printed = "; ".join(self._printed(body, runs))
            if len(printed) <= LONGEST:
                return f"@<({printed})"
        return f"@{TOO_LONG} # a body of {len(body):,} bytes, which is too long to stand here"

    def _printed(self, body: bytes, runs: Iterable[Repetition]) -> Iterator[str]:
        """Commands that print the body: in one piece what is different, by its number what is the same."""
        end = 0
        for run in runs:
            yield from self._pieces(body[end : run.start])
            yield f"printf {_format(run.unit, after='%.0s')} {{1..{run.times}}}"
            end = run.end
        yield from self._pieces(body[end:])

    def _pieces(self, body: bytes) -> Iterator[str]:
        if b"\0" in body:
            yield f"printf {_format(body)}"
        elif body:
            yield f"printf %s {joined(self._parts(body.decode('utf-8', 'surrogateescape')))}"

    def _parts(self, text: str) -> list[str]:
        return [
            Code(f'"${{{self._variable(part, name)}}}"') if name else part
            for part, name in self.redaction.segments(text)
            if part
        ]

    def _variable(self, secret: str, name: str) -> str:
        """The name of the secret, with a number if another one in the line has it too."""
        names = (name if number == 1 else f"{name}_{number}" for number in count(1))
        free = next(each for each in names if self.variables.get(each, secret) == secret)
        self.variables[free] = secret
        return free

    def _word(self, text: str) -> str:
        return joined(self._parts(text))


def derived(value: str, secret: str, name: str) -> list[str]:
    """What makes a manipulated credential of a valid one, in parts of a word; empty if it shares too little with it."""
    if len(secret) < SHARED:
        return []
    if value.count(".") == secret.count(".") == JWT_DOTS:
        return _derived_jwt(value.split("."), secret.split("."), name)
    head = shared_start(value, secret)
    tail = shared_start(value[head:][::-1], secret[head:][::-1])
    if max(head, tail) < SHARED:
        return []
    return [*_start(name, head), value[head : len(value) - tail], *_end(name, tail)]


def _derived_jwt(value: list[str], secret: list[str], name: str) -> list[str]:
    """A JWT; what it has of the signature of the valid one is cut from that, since nothing else of it is secret."""
    signature = _derived_signature(value[2], secret[2], name)
    if value[:2] == secret[:2]:
        return [Code(f'"${{{name}%.*}}"'), ".", *signature]
    return [f"{value[0]}.{value[1]}.", *signature]


def _derived_signature(value: str, secret: str, name: str) -> list[str]:
    if value == secret:
        return [Code(f'"${{{name}##*.}}"')]
    head = shared_start(value, secret)
    tail = shared_start(value[head:][::-1], secret[head:][::-1])
    if max(head, tail) < SHARED:
        return [value]
    echoed = joined([*_start("s", head), value[head : len(value) - tail], *_end("s", tail)])
    return [Code(f'"$(s="${{{name}##*.}}"; echo {echoed})"')]


def _start(name: str, length: int) -> list[str]:
    return [Code(f'"${{{name}:0:{length}}}"')] if length else []


def _end(name: str, length: int) -> list[str]:
    return [Code(f'"${{{name}: -{length}}}"')] if length else []


class Code(str):
    """A part of a word that bash is to expand; other parts are meant as they are."""

    __slots__ = ()


def literal(text: str) -> str:
    """One word for bash, in one line: what cannot be seen, and what is no UTF-8, is written as ANSI-C escapes."""
    if text.isprintable():
        return shlex.quote(text)
    return "$'" + "".join(map(_escaped, text)) + "'"


def joined(parts: Iterable[str]) -> str:
    """Parts of a word as one word."""
    groups = groupby(parts, key=lambda part: isinstance(part, Code))
    return "".join("".join(group) if code else literal("".join(group)) for code, group in groups) or "''"


def _escaped(char: str) -> str:
    if char in "\\'":
        return f"\\{char}"
    if char.isprintable():
        return char
    named = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return named.get(char) or "".join(
        f"\\x{byte:02x}"
        for byte in char.encode("utf-8", "surrogateescape" if "\udc80" <= char <= "\udcff" else "replace")
    )


def _format(data: bytes, *, after: str = "") -> str:
    """A format for printf that prints these bytes."""
    plain = set(b'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 []{}":,.-_/<>&=;')
    return "'" + "".join(chr(byte) if byte in plain else f"\\{byte:03o}" for byte in data) + after + "'"


def _is_odd(url: str) -> bool:
    """The URL holds what curl would resolve or expand."""
    return "/." in url or any(char in url for char in "[]{}")
