"""Events are not told, or not as they should be."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace

from dialects.faults import fault
from dialects.server.hooks import Hooks
from dialects.server.messages import RefusedError
from dialects.server.service import Service
from dialects.server.signing import new_secret

EVENTS = {"events": ("standard-webhooks", "github", "stripe", "http-message-signatures")}


@fault("WHS-HMAC-V1-VALID", **EVENTS)
class SignsWithAnotherSecret(Hooks):
    """Deliveries are signed with a secret that nobody was given."""

    def headers(self, delivery):
        return super().headers(replace(delivery, secret=new_secret(self.dialect.events)))


@fault("WHS-HEADER-SYNTAX", **EVENTS)
class SignsNothing(Hooks):
    """Deliveries are not signed."""

    def headers(self, delivery):
        del delivery
        return {"Content-Type": "application/json"}


@fault("WHD-TENANT-ISOLATION", **EVENTS)
class TellsStrangers(Hooks):
    """Everybody's receivers are told."""

    def told(self, owner):
        del owner
        return list(self.hooks.values())


@fault("WHD-EVENT-DELIVERED", **EVENTS)
class TellsNobody(Hooks):
    """Nobody is told."""

    def told(self, owner):
        del owner
        return []


@fault("WHD-NO-EVENT-FOR-FAILED", **EVENTS, media=("json", "vendor-json"))
class TellsOfRefusals(Service):
    """An event tells of a creation that was refused."""

    def create_thing(self, call):
        try:
            return super().create_thing(call)
        except RefusedError:
            with contextlib.suppress(ValueError, TypeError):  # what is no JSON object has nothing to tell
                asked = {**json.loads(call.request.content), "id": self.store.new_id(), "qty": 0}
                self.hooks.announce("thing.created", call.name, asked)
            raise


@fault("WHR-SSRF-ADDRESS-LITERALS", **EVENTS)
class CallsAnyAddress(Hooks):
    """Receivers may be anywhere, in one's own network too."""

    def may_be_called(self, host):
        del host
        return True


@fault("WHS-SECRET-PER-ENDPOINT", **EVENTS)
class SharesOneSecret(Hooks):
    """All receivers have the same secret."""

    def add(self, owner, body):
        hook = super().add(owner, body)
        first = next(iter(self.hooks.values()))
        self.hooks[hook.id] = replace(hook, secret=first.secret, name=first.name)
        return self.hooks[hook.id]
