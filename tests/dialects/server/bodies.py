"""Reading bodies, and holding them to what the dialect takes for valid. No schema is looked at."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from dialects.media import media_type
from dialects.members import fits_choice, is_text, members
from dialects.server.messages import RefusedError

if TYPE_CHECKING:
    from dialects.dialect import Dialect
    from dialects.members import Json, Member
    from dialects.server.messages import Request

WHOLE = re.compile(r"-?\d{1,9}")
INTEGERS = {"qty", "size", "width", "radius"}


@dataclass(frozen=True, kw_only=True)
class Bodies:
    """Bodies of requests as JSON objects."""

    dialect: Dialect

    def taken(self, request: Request, operation: str) -> Json:
        """The body of a request that makes or changes a thing. Raises RefusedError."""
        value = self.parsed(request, media_type(self.dialect, operation))
        if not isinstance(value, dict):
            raise self.invalid("an object is needed")
        if operation == "updateThing" and self.dialect.update == "patch":
            return self.checked_patch(value)
        return self.checked(value)

    def parsed(self, request: Request, wanted: str) -> Any:
        """The content as a value."""
        if not self.labelled(request, wanted):
            raise RefusedError(415, f"send {wanted}")
        if wanted == "application/x-www-form-urlencoded":
            return self.from_form(request.content)
        if wanted == "multipart/form-data":
            return self.from_parts(request)
        return self.from_json(request.content)

    def labelled(self, request: Request, wanted: str) -> bool:
        return request.header("Content-Type").partition(";")[0].strip().lower() == wanted

    def from_json(self, content: bytes) -> Any:
        lenient = self.dialect.lenient
        try:
            text = content.decode("utf-8", "replace" if lenient else "strict")
            value = json.loads(text, parse_constant=_null if lenient else _refused, object_pairs_hook=_once)
            json.dumps(value, ensure_ascii=False).encode("utf-8")  # a lone surrogate is no text
        except (ValueError, RecursionError):
            raise RefusedError(400, "the content is not JSON") from None
        return value

    def from_form(self, content: bytes) -> Json:
        try:
            pairs = parse_qsl(
                content.decode("ascii"), keep_blank_values=True, strict_parsing=bool(content), errors="strict"
            )
        except ValueError:
            raise RefusedError(400, "the content is no form") from None
        return self.typed(pairs)

    def from_parts(self, request: Request) -> Json:
        return self.typed([(name, _text(content)) for name, content in parts(request)])

    def typed(self, pairs: list[tuple[str, str]]) -> Json:
        """The members of a form, with numbers where the dialect has numbers."""
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names):
            raise RefusedError(400, "a member is given twice")
        return {name: int(value) if name in INTEGERS and WHOLE.fullmatch(value) else value for name, value in pairs}

    def file(self, request: Request) -> bytes:
        """The content of a file that is sent in parts. Raises RefusedError."""
        if not self.labelled(request, "multipart/form-data"):
            raise RefusedError(415, "send multipart/form-data")
        found = dict(parts(request))
        if not {"title", "content"} <= found.keys() or not is_text(1, 40)(_text(found["title"])):
            raise self.invalid("title or content is missing")
        return found["content"]

    def checked(self, value: Json) -> Json:
        """The members that are known, all valid. Raises RefusedError."""
        known = {member.name: member for member in members(self.dialect)}
        self.refuse_unknown(value, known)
        asked = {name for name, member in known.items() if member.required or member.hidden}
        if not asked <= value.keys():
            raise self.invalid("a member is missing")
        self.check_each(value, known)
        if not fits_choice(self.dialect, value):
            raise self.invalid("one of two members is needed")
        return {name: value[name] for name in known if name in value}

    def checked_patch(self, value: Json) -> Json:
        """A merge patch: null stands for a member that is to go."""
        known = {member.name: member for member in members(self.dialect)}
        self.refuse_unknown(value, known)
        removed = {name for name, each in value.items() if each is None and name in known and not known[name].required}
        self.check_each({name: each for name, each in value.items() if name not in removed}, known)
        return {name: value[name] for name in known if name in value}

    def check_each(self, value: Json, known: dict[str, Member]) -> None:
        for name, member in known.items():
            if name in value and not member.valid(value[name]):
                raise self.invalid(f"{name} is not valid")

    def refuse_unknown(self, value: Json, known: dict[str, Member]) -> None:
        if self.dialect.closed and not value.keys() <= known.keys():
            raise self.invalid("there are unknown members")

    def invalid(self, told: str) -> RefusedError:
        return RefusedError(self.dialect.invalid, told)


def parts(request: Request) -> list[tuple[str, bytes]]:
    """The names and contents of the parts of multipart/form-data (RFC 7578). Raises RefusedError."""
    head = f"Content-Type: {request.header('Content-Type')}\r\n\r\n".encode("latin-1", "replace")
    message = BytesParser(policy=HTTP).parsebytes(head + request.content)
    if not message.is_multipart() or message.defects:
        raise RefusedError(400, "the content is not multipart")
    found = [(part.get_param("name", header="content-disposition"), part) for part in message.iter_parts()]
    if not all(isinstance(name, str) and name for name, _ in found):
        raise RefusedError(400, "a part has no name")
    return [(str(name), part.get_payload(decode=True) or b"") for name, part in found]


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise RefusedError(400, "a part is not UTF-8") from None


def _null(_name: str) -> None:
    return None


def _refused(name: str) -> None:
    raise ValueError(name)


def _once(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a member is given twice")
    return found
