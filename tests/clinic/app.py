"""The clinic's HTTP application."""

from __future__ import annotations

import json
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from admissions import Admissions
from exchange import Answer, Ask, Bodies, Problems, RefusalError
from flask import Flask, Response, request
from gate import Gate, Grant
from notices import Notices
from places import Places
from records import Records
from request_keys import RequestKeys
from views import Views
from werkzeug.exceptions import HTTPException

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract import Contract, Operation

MAX_BODY = 65536  # bytes

Part = TypeVar("Part")


@dataclass(frozen=True, kw_only=True)
class Settings:
    tokens: dict[str, Grant]
    keys: tuple[str, ...]
    receivers: frozenset[str]  # "address:port" to which notices may go
    resolvers: tuple[str, ...] = ()  # "address:port" of the name servers for callbacks


class Parts:
    """The class of each part, or the subclass put in its place."""

    def __init__(self, *substitutes: type) -> None:
        self._instead = {substitute.__base__: substitute for substitute in substitutes}

    def __getitem__(self, part: type[Part]) -> type[Part]:
        return self._instead.get(part, part)


class Clinic:
    """Answers each operation: who, may they, whose, and only then what; one request after the other."""

    def __init__(self, contract: Contract, settings: Settings, parts: Parts) -> None:
        self._lock = Lock()
        records = parts[Records]()
        places = parts[Places](settings.receivers, settings.resolvers)
        notices = parts[Notices](places, lambda reference: reference in records.observers)
        self._gate = parts[Gate](settings.tokens, settings.keys)
        patient = contract.operation("register_patient").body
        admissions = parts[Admissions](records, notices, patient, self._lock)
        self._views = parts[Views](records, notices, parts[RequestKeys](), parts[Bodies](), admissions)

    def answer(self, operation: Operation, path: dict[str, str]) -> Answer:
        content = read_content()  # before the lock: a slow client holds up nobody
        with self._lock:
            ask = Ask(
                operation=operation,
                user=self._gate.admit(operation, request.headers),
                path=path,
                query=request.args,
                headers=request.headers,
                media_type=request.mimetype,
                content=content,
            )
            view: Callable[[Ask], Answer] = getattr(self._views, operation.id)
            return view(ask)


def read_content() -> bytes:
    try:
        content = request.get_data()
    except OSError as error:
        raise RefusalError(400, "The body could not be read.") from error
    if len(content) > MAX_BODY:
        raise RefusalError(413, "The body is too large.")
    return content


def create_app(contract: Contract, settings: Settings, parts: Parts) -> Flask:
    app = Flask("clinic", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY + 1  # a chunked body is cut off here in silence
    app.url_map.merge_slashes = False
    clinic, problems = Clinic(contract, settings, parts), parts[Problems]()

    def refused(refusal: RefusalError) -> Response:
        content = json.dumps(problems.written(refusal))
        return Response(content, refusal.status, dict(refusal.headers), content_type=problems.media_type)

    def failed(error: HTTPException) -> Response:
        headers = {name: value for name, value in error.get_headers() if name == "Allow"}
        return refused(RefusalError(error.code or 500, error.name, headers=headers))

    for operation in contract.operations:
        rule = operation.path.replace("{", "<").replace("}", ">")
        app.add_url_rule(
            rule, operation.id, bind(clinic, operation), methods=[operation.method], provide_automatic_options=False
        )
    app.register_error_handler(RefusalError, refused)
    app.register_error_handler(HTTPException, failed)
    app.after_request(guarded)
    return app


def bind(clinic: Clinic, operation: Operation) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        answer = clinic.answer(operation, path)
        content = b"" if answer.content is None else json.dumps(answer.content).encode()
        response = Response(content, answer.status, dict(answer.headers), content_type="application/json")
        if not content:
            del response.headers["Content-Type"]
        return response

    return view


def guarded(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
