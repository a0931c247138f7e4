"""Ways to get the basics of REST wrong."""

from __future__ import annotations

from flask import request

from reference_impl.domain.ids import Codes
from reference_impl.domain.patches import MergePatch
from reference_impl.faults import fault
from reference_impl.gateway.bodies import Bodies
from reference_impl.gateway.deprecation import DeprecationHeaders
from reference_impl.gateway.idempotency import IdempotencyKeys
from reference_impl.gateway.ownership import Ownership
from reference_impl.gateway.problems import Problems
from reference_impl.routing import Routes
from reference_impl.storage.links import Links
from reference_impl.views.links import LinkViews
from reference_impl.views.representations import Answers, JobRepresentation, LinkRepresentation, WebhookRepresentation


@fault("REST-CREATE-201-LOCATION")
class LocationIsTheCollection(Answers):
    """Location names the collection instead of the thing that was made."""

    def location(self, entity):
        return super().location(entity).rpartition("/")[0]


@fault("REST-CREATE-201-LOCATION")
class LocationHasAnInternalHost(Answers):
    """Location names the host that only the gateway knows."""

    def location(self, entity):
        return "http://links-backend:8080" + entity.path


@fault("REST-CREATE-201-LOCATION", also=("REST-RESPONSE-CONFORMS-SCHEMA",))
class CreationAnswers200(Answers):
    """A creation is answered 200."""

    def created_status(self):
        return 200


@fault("REST-READ-YOUR-WRITES")
class ReadsComeFromAStaleCache(Links):
    """What was read once is served from a cache that no write invalidates."""

    def find(self, link_id):
        cache = self.__dict__.setdefault("cache", {})
        return cache.setdefault(link_id, super().find(link_id))


@fault("REST-READ-YOUR-WRITES")
class ReplacementsLeaveTheCache(Links):
    """Codes are looked up in a cache, which a change of some members renews, and a replacement does not."""

    def __init__(self, database, clock, ids, codes):
        super().__init__(database, clock, ids, codes)
        self.known = {}

    def by_code(self, code):
        if code not in self.known:
            self.known[code] = super().by_code(code)
        return self.known[code]

    def update(self, link, changes, expected):
        if "taken_down" in changes or len(changes) < len(LinkViews.patchable):
            self.known.pop(link.code, None)
        return super().update(link, changes, expected)

    def remove(self, link, expected):
        self.known.pop(link.code, None)
        return super().remove(link, expected)


@fault("REST-RESPONSE-CONFORMS-SCHEMA")
class InternalColumnIsShown(LinkRepresentation):
    """The owner's internal key is serialised with the rest."""

    def document(self, link):
        return super().document(link) | {"owner": link.owner}


@fault("REST-RESPONSE-CONFORMS-SCHEMA")
class AbsentMemberIsLeftOut(WebhookRepresentation):
    """A member without a value is left out, although the contract requires it."""

    def document(self, webhook):
        return {name: value for name, value in super().document(webhook).items() if value is not None}


@fault("REST-METHOD-405-ALLOW")
class AllowIsMissing(Problems):
    """405 does not say which methods there are."""

    def headers(self, refusal):
        return {name: value for name, value in super().headers(refusal).items() if name != "Allow"}


@fault("REST-METHOD-405-ALLOW")
class WrongMethodIsNotFound(Problems):
    """A method that the path does not have is answered as if there were no such path."""

    def status(self, refusal):
        return 404 if refusal.kind == "method-not-allowed" else super().status(refusal)


@fault("REST-METHOD-405-ALLOW")
class AllowListsEverything(Routes):
    """Allow lists methods that the path does not have."""

    def allow(self, methods):
        return super().allow({*methods, "PUT", "PATCH", "DELETE"})


@fault("REST-UNSUPPORTED-MEDIA-415")
class MediaTypeIsIgnored(Bodies):
    """A body is parsed as JSON whatever it is labelled."""

    def check_media_type(self, media_type, operation):
        return None


@fault("REST-SAFE-METHODS-SAFE")
class ActionsListenToGet(Routes):
    """The routes of actions are registered for GET as well."""

    def methods(self, operation):
        declared = super().methods(operation)
        return [*declared, "GET"] if operation.path.endswith("/rotate") else declared


@fault("REST-DELETE-GONE")
class DeletedIsStillThere(Links):
    """A deletion is acknowledged, but the row stays."""

    def remove(self, link, expected):
        return link


@fault("REST-DELETE-GONE")
class SecondDeleteCrashes(Ownership):
    """What is not there any more is not expected to be asked for."""

    def unknown(self):
        raise LookupError("no row")


@fault("REST-MERGE-PATCH-SEMANTICS")
class PatchIgnoresNull(MergePatch):
    """A member that the patch sets to null stays as it is."""

    def changes(self, patch, members):
        return {name: value for name, value in super().changes(patch, members).items() if value is not None}


@fault("REST-MERGE-PATCH-SEMANTICS")
class PatchResetsWhatItLeavesOut(MergePatch):
    """Labels that the patch does not name are reset, as if it were the whole document."""

    def changes(self, patch, members):
        labels = {name: None for name in members if name in {"title", "description"}}
        return labels | super().changes(patch, members)


@fault("REST-PUT-REPLACES")
class LeavesOutWhatIsLeftOut(LinkViews):
    """PUT sets the members that its body holds, as PATCH does."""

    def replace(self, call):
        return self.changed(call, self.in_utc(call.body))


@fault("REST-DELETE-GONE")
class VisitsOutliveTheirLink(Ownership):
    """Whose a link is, is remembered for the pages below it."""

    def __init__(self, finders):
        super().__init__(finders)
        self.known = {}

    def find(self, parameter, identifier):
        found = super().find(parameter, identifier)
        below = request.path.endswith(("/stats", "/clicks", "/visits"))
        if below and found is None:
            return self.known.get(identifier)
        return self.known.setdefault(identifier, found)


@fault("REST-DELETE-GONE")
class ChangesReachTheDeleted(Ownership):
    """A change is acknowledged to whoever once had the link, without looking whether it is still there."""

    def __init__(self, finders):
        super().__init__(finders)
        self.known = {}

    def find(self, parameter, identifier):
        found = super().find(parameter, identifier)
        if request.method in {"PATCH", "PUT"} and found is None:
            return self.known.get(identifier)
        return self.known.setdefault(identifier, found)


@fault("REST-RESPONSE-CONFORMS-SCHEMA")
class WhatIsGivenAgainHasNoTag(IdempotencyKeys):
    """Of the fields of an answer, those that the browser needs are stored with the key."""

    def replay(self, first):
        response = super().replay(first)
        response.headers.pop("ETag", None)
        return response


@fault("REST-PUT-REPLACES")
class AReplacementIsANewLink(LinkViews):
    """A replacement is made as a new link is, with a code of the server's choice."""

    def replace(self, call):
        anew = {"code": Codes().new(), "title": None, "enabled": True, "expires_at": None}
        return self.changed(call, {**anew, **call.body})


@fault("REST-UNSUPPORTED-MEDIA-415")
class AnyJsonIsAPatch(Bodies):
    """A patch is JSON, whatever it is called."""

    def check_media_type(self, media_type, operation):
        if media_type != "application/json" or operation.method != "patch":
            super().check_media_type(media_type, operation)


@fault("REST-LIST-AGREES")
class ListsCountRefusalsAsSuccesses(JobRepresentation):
    """The list of jobs counts what is done, and takes it for made."""

    def page(self, jobs):
        counts = ({**self.counts(job), "created": job.counts.done, "refused": 0} for job in jobs)
        return [{**self.summary(job), "counts": each} for job, each in zip(jobs, counts, strict=True)]


@fault("REST-METHOD-405-ALLOW")
class HeadIsNotAllowed(Routes):
    """Allow names what the document lists, and forgets HEAD."""

    def allow(self, methods):
        return super().allow(set(methods) - {"HEAD"})


@fault("REST-ACTION-KEPT")
class ReplacementsUndoATakedown(LinkViews):
    """A replacement sets everything as in a new link, what a moderator decided as well."""

    def changed(self, call, changes):
        undone = {"taken_down": False} if call.operation.id == "replaceLink" else {}
        return super().changed(call, {**changes, **undone})


@fault("REST-LIST-AGREES")
class LaterPagesAreCached(LinkRepresentation):
    """Pages behind the first one are shown from a cache that no change reaches."""

    def page(self, links):
        cache = self.__dict__.setdefault("cache", {})
        return [
            cache.get(each.id, self.document(each)) if "cursor" in request.args else self.document(each)
            for each in links
        ]

    def document(self, link):
        shown = super().document(link)
        return self.__dict__.setdefault("cache", {}).setdefault(link.id, shown) and shown


@fault("REST-RESPONSE-CONFORMS-SCHEMA")
class LaterPagesAreNotDeprecated(DeprecationHeaders):
    """That a list will go is told on its first page alone."""

    def concerns(self, response, operation):
        return super().concerns(response, operation) and "cursor" not in request.args
