"""Bodies: what arrives is JSON without ambiguity, or it is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NoReturn

from gunicorn.http.errors import ParseException
from werkzeug.exceptions import RequestEntityTooLarge

from reference_impl.domain.refusals import RefusalError, malformed

if TYPE_CHECKING:
    from flask import Request

    from reference_impl.contract import Operation

LIMIT = 64 * 1024  # bytes


class Bodies:
    """Reads the body of a request."""

    def read(self, request: Request, operation: Operation) -> Any:
        """The parsed body; the operation must take one."""
        self.check_media_type(self.media_type(request), operation)
        try:
            return self.parse(self.content(request))
        except (ValueError, RecursionError) as error:
            raise malformed("The body is not well-formed JSON.") from error

    def media_type(self, request: Request) -> str:
        """What the body is labelled, in lower case and without parameters."""
        return request.mimetype

    def check_media_type(self, media_type: str, operation: Operation) -> None:
        if media_type not in operation.media_types:
            accepted = ", ".join(operation.media_types)
            raise RefusalError("unsupported-media-type", f"The operation takes {accepted}.")

    def content(self, request: Request) -> bytes:
        """The bytes; raises the refusal of too many, whether they were announced or came in chunks."""
        try:
            content = request.get_data()
        except RequestEntityTooLarge as error:
            raise self.too_large() from error
        except (OSError, ParseException) as error:
            raise malformed("The body cannot be read to its end.") from error
        if self.exceeds(content):
            raise self.too_large()
        if self.is_cut(request, content):
            raise malformed("The connection ended before the body did.")
        return content

    def is_cut(self, request: Request, content: bytes) -> bool:
        """Whether less came than was announced: what came may make sense by itself, and still not be what was meant."""
        return len(content) < (request.content_length or 0)

    def too_large(self) -> RefusalError:
        return RefusalError("payload-too-large", f"The body is larger than {LIMIT} bytes.")

    def exceeds(self, content: bytes) -> bool:
        return len(content) > LIMIT

    def parse(self, content: bytes) -> Any:
        """The value; raises ValueError where JSON leaves the meaning open (RFC 8259 section 4)."""
        text = content.decode("utf-8")
        value = json.loads(text, object_pairs_hook=self.members, parse_constant=refuse_constant)
        # Escapes can make lone surrogates, which are no characters and have no UTF-8 form.
        json.dumps(value, ensure_ascii=False).encode("utf-8")
        return value

    def members(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise ValueError("A member is given twice.")
        return found


def refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON.")
