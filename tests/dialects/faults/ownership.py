"""What belongs to somebody is given to somebody else."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import count

from dialects.faults import fault
from dialects.server.bodies import Bodies
from dialects.server.door import Door
from dialects.server.messages import RefusedError
from dialects.server.people import Caller
from dialects.server.service import Service
from dialects.server.store import Store

OWNED = {"ownership": ("hidden", "forbidden")}
CHANGEABLE = ("put", "patch")


def of_anybody(service, call):
    """The thing that a path names, whoever asks."""
    if call.identifier not in service.store.things:
        raise RefusedError(service.store.status_of_none(call.identifier), "there is no such thing")
    return service.store.things[call.identifier]


def by_owner(service, call):
    """The call as the owner of the thing would make it."""
    return replace(call, caller=replace(call.caller, name=of_anybody(service, call).owner))


@fault("OBJ-READ-FOREIGN", **OWNED)
class ReadsForeign(Service):
    """A thing is shown to whoever knows its id."""

    def read_thing(self, call):
        return self.answers.whole(of_anybody(self, call))


@fault("OBJ-UPDATE-FOREIGN", **OWNED, update=CHANGEABLE)
class ChangesForeign(Service):
    """A thing is changed by whoever knows its id."""

    def update_thing(self, call):
        return super().update_thing(by_owner(self, call))


@fault("OBJ-UPDATE-FOREIGN", **OWNED, creation=("put",))
class ReplacesForeign(Service):
    """Whoever puts a thing where another one is takes its place, whosever it is."""

    def create_thing(self, call):
        return super().create_thing(by_owner(self, call) if call.identifier in self.store.things else call)


@fault("OBJ-DELETE-FOREIGN", **OWNED)
class DeletesForeign(Service):
    """A thing is deleted by whoever knows its id."""

    def delete_thing(self, call):
        return super().delete_thing(by_owner(self, call))


@fault("OBJ-LIST-ISOLATION", **OWNED)
class ListsForeign(Store):
    """A list shows everybody's things."""

    def listed(self, _caller):
        owners = sorted({thing.owner for thing in self.things.values()})
        found = [thing for owner in owners for thing in super(ListsForeign, self).listed(owner)]
        return sorted(found, key=lambda thing: thing.number)


@fault("OBJ-STRANGER-STATUS", **OWNED)
class OtherStatusForStrangers(Store):
    """Strangers are answered with the other one of 403 and 404."""

    def stranger(self):
        return RefusedError(404 if self.dialect.ownership == "forbidden" else 403, "it is somebody else's")


@fault("GW-INTERNAL-HEADERS-IGNORED")
class TrustsGateway(Door):
    """A header tells who asks, as behind a gateway."""

    def admitted(self, request, operation):
        caller = super().admitted(request, operation)
        name = request.headers.get("X-User-Id", "")
        known = {each.name for each in self.people.keys.values()}
        return Caller(name=name, scopes=caller.scopes) if caller.name and name in known else caller


@fault("OBJ-READONLY-PROPERTIES", **OWNED, media=("json", "vendor-json"))
class TakesReadOnly(Bodies):
    """A body may choose by which id a thing is shown."""

    def checked(self, value):
        taken = {"id": value["id"]} if "id" in value else {}
        return super().checked({name: each for name, each in value.items() if name != "id"}) | taken


@fault(
    "OBJ-READONLY-PROPERTIES", **OWNED, media=("json", "vendor-json"), owner=(True,), closed=(False,), update=("put",)
)
class GivesAway(Service):
    """Whoever may change a thing may write into it whose it is."""

    def update_thing(self, call):
        response = super().update_thing(call)
        thing = self.store.things[call.identifier]
        thing.owner = json.loads(call.request.content).get("owner", thing.owner)
        return response


@fault("OBJ-IDS-UNPREDICTABLE", **OWNED, identifier=("number",), created=(201,), creation=("post",))
class CountsUp(Store):
    """Ids follow each other."""

    following = count(1000)

    def new_id(self):
        return str(next(self.following))
