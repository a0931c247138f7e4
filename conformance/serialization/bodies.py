"""Request bodies of each media type: how a value is written, and how what was written is read."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from conformance.contract.operation import Parameter, as_object, is_json
from conformance.errors import UntestableError
from conformance.http.messages import FORM
from conformance.schemas.composition import items, keyword, kinds, properties
from conformance.serialization.parameters import query_text, text_of
from conformance.serialization.readings import UnclearError, query_value, raw_pairs, typed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MULTIPART = "multipart/form-data"  # RFC 7578
BINARY = "application/octet-stream"
TEXT = "text/plain"


@dataclass(frozen=True, kw_only=True)
class Encoded:
    """A body as it is sent, and its Content-Type, which names the boundary of a multipart one."""

    content: bytes
    content_type: str


@dataclass(frozen=True, kw_only=True)
class BodyFormat:
    """One media type of a request body: its name, the schema of what it holds, and how members are written in forms."""

    document: Mapping[str, Any]
    media_type: str
    schema: Mapping[str, Any]
    encoding: Mapping[str, Any]

    @classmethod
    def of(cls, document: Mapping[str, Any], media_type: str, declared: Mapping[str, Any]) -> BodyFormat:
        """As a Media Type Object declares it (OpenAPI 3.1, section 4.8.14)."""
        return cls(
            document=document,
            media_type=concrete(media_type, document, declared.get("schema", {})),
            schema=as_object(declared.get("schema", {})),
            encoding=declared.get("encoding", {}),
        )

    @property
    def essence(self) -> str:
        return self.media_type.partition(";")[0].strip().lower()

    def encoded(self, value: Any) -> Encoded:
        """The value as a body. Raises UntestableError if the suite does not know how it is written."""
        if is_json(self.media_type):
            return Encoded(content=json.dumps(value).encode(), content_type=self.media_type)
        if self.essence == FORM and isinstance(value, dict):
            return Encoded(content=self._form(value).encode(), content_type=self.media_type)
        if self.essence == MULTIPART and isinstance(value, dict):
            boundary = secrets.token_hex(16)
            return Encoded(
                content=self._multipart(value, boundary), content_type=f"{self.media_type}; boundary={boundary}"
            )
        if isinstance(value, (bytes, str)):
            return Encoded(content=as_bytes(value), content_type=self.media_type)
        if self.essence.startswith("text/") and isinstance(value, (int, float)):
            return Encoded(content=text_of(value).encode(), content_type=self.media_type)
        raise UntestableError(
            f"no body of the media type {self.media_type} is known. Add an `example` of one, as text, to the contract."
        )

    def decoded(self, body: bytes, content_type: str) -> Any:
        """The value that a body holds. Raises ValueError if it is malformed, UnclearError where nothing is sure."""
        if is_json(self.media_type):
            return json.loads(body.decode("utf-8"))
        if self.essence == FORM:
            return self._form_value(body.decode("utf-8", "replace"))
        if self.essence == MULTIPART:
            return self._multipart_value(body, content_type)
        if self.essence.startswith("text/") and "string" in kinds(self.document, self.schema):
            return body.decode("utf-8", "replace")
        raise UnclearError

    def _field(self, name: str, schema: Any) -> Parameter:
        """A member as it is written in a form: like a parameter of a query (OpenAPI 3.1, section 4.8.15)."""
        declared = self.encoding.get(name, {})
        style = declared.get("style", "form")
        nested = kinds(self.document, schema) & {"object"} or "object" in kinds(
            self.document, items(self.document, schema)
        )
        media_type = declared.get("contentType", "application/json" if nested and "style" not in declared else "")
        return Parameter(
            name=name,
            place="query",
            required=False,
            schema=as_object(schema),
            style=style,
            explode=bool(declared.get("explode", style == "form")),
            media_type=media_type if is_json(media_type) else "",
        )

    def _form(self, value: Mapping[str, Any]) -> str:
        declared = properties(self.document, self.schema)
        pairs = (query_text(self._field(name, declared.get(name, {})), member) for name, member in value.items())
        return "&".join(pair for pair in pairs if pair).replace("%20", "+")

    def _form_value(self, text: str) -> dict[str, Any]:
        pairs = raw_pairs(text)
        declared = properties(self.document, self.schema)
        if any(not name or not value for name, value in pairs):
            raise UnclearError
        fields = {name: self._field(name, declared[name]) for name in declared}
        found = {name: query_value(self.document, field, pairs) for name, field in fields.items()}
        known = {name: value for name, value in found.items() if value is not None}
        rest = [(name, unquote_plus(value)) for name, value in pairs if not _belongs(name, declared)]
        if len(dict(rest)) < len(rest):
            raise UnclearError
        return {**dict(rest), **known}

    def _multipart(self, value: Mapping[str, Any], boundary: str) -> bytes:
        declared = properties(self.document, self.schema)
        parts = [part for name, member in value.items() for part in self._parts(name, member, declared.get(name, {}))]
        return (
            b"".join(b"--%b\r\n%b\r\n" % (boundary.encode(), part) for part in parts) + f"--{boundary}--\r\n".encode()
        )

    def _parts(self, name: str, value: Any, schema: Any) -> Iterator[bytes]:
        """The part of a member; an array has one for each element (RFC 7578, section 4.3)."""
        if isinstance(value, list) and name not in self.encoding:
            for item in value:
                yield from self._parts(name, item, items(self.document, schema))
            return
        media_type = self._media_type_of_part(name, value, schema)
        disposition = f'form-data; name="{_quoted(name)}"' + (f'; filename="{_quoted(name)}"' if media_type else "")
        if isinstance(value, (dict, list)):
            disposition = f'form-data; name="{_quoted(name)}"'
        fields = [f"Content-Disposition: {disposition}", *([f"Content-Type: {media_type}"] if media_type else [])]
        content = as_bytes(value) if isinstance(value, (str, bytes)) else json.dumps(value).encode()
        yield "\r\n".join(fields).encode() + b"\r\n\r\n" + content

    def _media_type_of_part(self, name: str, value: Any, schema: Any) -> str:
        """The declared one, else as section 4.8.14.4 of OpenAPI 3.1 has it; empty for plain text."""
        declared = str(self.encoding.get(name, {}).get("contentType", "")).partition(",")[0].strip()
        if declared:
            return concrete(declared, self.document, schema)
        if isinstance(value, (dict, list)):
            return "application/json"
        if is_file(self.document, schema) or isinstance(value, bytes):
            return str(keyword(self.document, schema, "contentMediaType") or BINARY)
        return ""

    def _multipart_value(self, body: bytes, content_type: str) -> dict[str, Any]:
        message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
        if not message.is_multipart():
            raise UnclearError
        declared = properties(self.document, self.schema)
        found: dict[str, Any] = {}
        for part in message.iter_parts():
            name = part.get_param("name", header="content-disposition")
            content = part.get_payload(decode=True)
            if not isinstance(name, str) or not isinstance(content, bytes):
                raise UnclearError
            found.setdefault(name, []).append(self._part_value(content, part, declared.get(name, {})))
        return {
            name: values if "array" in kinds(self.document, declared.get(name, {})) else self._only(values)
            for name, values in found.items()
        }

    def _part_value(self, content: bytes, part: Any, schema: Any) -> Any:
        if part.get("Content-Type") and is_json(part.get_content_type()):
            return json.loads(content)
        return typed(self.document, content.decode("utf-8", "replace"), self._element(schema))

    def _element(self, schema: Any) -> Any:
        return items(self.document, schema) if "array" in kinds(self.document, schema) else schema

    @staticmethod
    def _only(values: list[Any]) -> Any:
        if len(values) != 1:
            raise UnclearError
        return values[0]


def is_file(document: Mapping[str, Any], schema: Any) -> bool:
    """The member of a multipart body is a file and no field (OpenAPI 3.1, section 4.8.14.2, and 3.0's `binary`)."""
    names = ("contentMediaType", "contentEncoding")
    return any(keyword(document, schema, name) for name in names) or keyword(document, schema, "format") == "binary"


def concrete(media_type: str, document: Mapping[str, Any], schema: Any) -> str:
    """A media type of the range that fits the schema; the media type itself if it is no range."""
    kind, _, subtype = media_type.partition("/")
    if subtype != "*":
        return media_type
    if kind in {"*", "application"}:
        return BINARY if is_file(document, schema) else "application/json"
    return TEXT if kind == "text" else f"{kind}/png" if kind == "image" else f"{kind}/octet-stream"


def as_bytes(value: str | bytes) -> bytes:
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value


def _quoted(name: str) -> str:
    """As HTML writes names in multipart bodies (RFC 7578, section 2)."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _belongs(name: str, declared: Mapping[str, Any]) -> bool:
    """The name of a pair is that of a declared member, or of a part of one."""
    return name.partition("[")[0] in declared
