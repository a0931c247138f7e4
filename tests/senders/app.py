"""The parcel office's HTTP application."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from threading import RLock
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request
from office import Hook, Json, Office, Parcel, RefusedError, Secret
from werkzeug.exceptions import HTTPException

if TYPE_CHECKING:
    from collections.abc import Callable

    from signers import Signer
    from webhook_sender import WebhookSender

MOST_HOOKS = 40  # of one person
OVERLAP = 2.0  # seconds for which a former secret signs


class Operations:
    """The views: one method for each operation of the contract."""

    def __init__(self, tokens: dict[str, str], office: Office, signer: Signer, webhook_sender: WebhookSender) -> None:
        self._tokens = tokens
        self._office = office
        self._signer = signer
        self._webhook_sender = webhook_sender

    def post_parcel(self) -> Response:
        person = self._person()
        parcel = Parcel(owner=person, note=self._office.checked_parcel(body())["note"])
        self._office.parcels[parcel.id] = parcel
        self._announce("parcel.posted", parcel)
        return answer(parcel.shown(), 201, {"Location": f"/parcels/{parcel.id}"})

    def read_parcel(self, parcel: str) -> Response:
        return answer(self._office.parcel(self._person(), parcel).shown())

    def change_parcel(self, parcel: str) -> Response:
        found = self._office.parcel(self._person(), parcel)
        found.note = self._office.checked_parcel(body())["note"]
        found.revision += 1
        self._announce("parcel.changed", found)
        return answer(found.shown())

    def drop_parcel(self, parcel: str) -> Response:
        found = self._office.parcel(self._person(), parcel)
        del self._office.parcels[found.id]
        self._announce("parcel.dropped", found)
        return Response(status=204)

    def add_hook(self) -> Response:
        person = self._person()
        members = self._office.checked_hook(body(), frozenset({"url", "events"}))
        if len(self._office.hooks_of(person)) >= MOST_HOOKS:
            raise RefusedError(409, "There are forty hooks already.")
        hook = Hook(owner=person, secrets=[Secret(text=self._signer.new_secret())], **members)
        self._office.hooks[hook.id] = hook
        return answer(self._whole(hook), 201, {"Location": f"/hooks/{hook.id}"})

    def list_hooks(self) -> Response:
        return answer([self._shown(hook) for hook in self._office.hooks_of(self._person())])

    def read_hook(self, hook: str) -> Response:
        return answer(self._shown(self._office.hook(self._person(), hook)))

    def change_hook(self, hook: str) -> Response:
        found = self._office.hook(self._person(), hook)
        for name, value in self._office.checked_hook(body(), frozenset()).items():
            setattr(found, name, value)
        found.stopped = None if found.enabled else found.stopped
        return answer(self._shown(found))

    def drop_hook(self, hook: str) -> Response:
        found = self._office.hook(self._person(), hook)
        found.enabled = False
        del self._office.hooks[found.id]
        return Response(status=204)

    def renew_secret(self, hook: str) -> Response:
        found = self._office.hook(self._person(), hook)
        former = replace(found.secrets[0], until=time.time() + OVERLAP)
        found.secrets = [Secret(text=self._signer.new_secret()), former]
        return answer(self._whole(found))

    def try_hook(self, hook: str) -> Response:
        found = self._office.hook(self._person(), hook)
        return answer({"id": self._webhook_sender.send_one("hook.tried", {"hook": found.id}, found)}, 202)

    def list_sent(self, hook: str) -> Response:
        return answer([sent.shown() for sent in self._office.hook(self._person(), hook).sent])

    def read_sent(self, hook: str, number: int) -> Response:
        return answer(self._office.sent(self._person(), hook, number)[1].shown())

    def send_again(self, hook: str, number: int) -> Response:
        found, sent = self._office.sent(self._person(), hook, number)
        self._webhook_sender.redeliver(found, sent)
        return answer(sent.shown(), 202)

    def _person(self) -> str:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or token not in self._tokens:
            raise RefusedError(401, "We do not know you.")
        return self._tokens[token]

    def _announce(self, event: str, parcel: Parcel) -> None:
        self._webhook_sender.send_event(event, {"parcel": parcel.shown()}, self._office.hooks_of(parcel.owner))

    def _shown(self, hook: Hook) -> Json:
        return {**hook.shown(), **self._signer.shown(hook)}

    def _whole(self, hook: Hook) -> Json:
        return {**self._shown(hook), **self._signer.given(hook)}


def create_app(operations: Operations) -> Flask:
    app, lock = Flask("office", static_folder=None), RLock()

    def route(method: str, rule: str, view: Callable[..., Response]) -> None:
        def locked(**path: Any) -> Response:
            request.get_data()  # before the lock: a slow client holds up nobody
            with lock:
                return view(**path)

        app.add_url_rule(rule, view.__name__, locked, methods=[method], provide_automatic_options=False)

    route("POST", "/parcels", operations.post_parcel)
    route("GET", "/parcels/<parcel>", operations.read_parcel)
    route("PATCH", "/parcels/<parcel>", operations.change_parcel)
    route("DELETE", "/parcels/<parcel>", operations.drop_parcel)
    route("POST", "/hooks", operations.add_hook)
    route("GET", "/hooks", operations.list_hooks)
    route("GET", "/hooks/<hook>", operations.read_hook)
    route("PATCH", "/hooks/<hook>", operations.change_hook)
    route("DELETE", "/hooks/<hook>", operations.drop_hook)
    route("POST", "/hooks/<hook>/secret", operations.renew_secret)
    route("POST", "/hooks/<hook>/try", operations.try_hook)
    route("GET", "/hooks/<hook>/sent", operations.list_sent)
    route("GET", "/hooks/<hook>/sent/<int:number>", operations.read_sent)
    route("POST", "/hooks/<hook>/sent/<int:number>/again", operations.send_again)
    app.register_error_handler(RefusedError, lambda refusal: problem(refusal.status, refusal.title))
    app.register_error_handler(HTTPException, lambda error: problem(error.code or 500, error.name))
    return app


def body() -> Any:
    try:
        return json.loads(request.get_data())
    except ValueError:
        raise RefusedError(400, "The body is not JSON.") from None


def answer(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(json.dumps(content), status, headers, content_type="application/json")


def problem(status: int, title: str) -> Response:
    content = {"type": "about:blank", "title": title, "status": status}
    headers = {"WWW-Authenticate": 'Bearer realm="office"'} if status == 401 else {}
    return Response(json.dumps(content), status, headers, content_type="application/problem+json")
