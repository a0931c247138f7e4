"""Ways to get conditional requests wrong."""

from __future__ import annotations

import hashlib
import json
import uuid

from sqlalchemy import update

from reference_impl.domain.entities import Link, Webhook
from reference_impl.domain.refusals import malformed
from reference_impl.faults import fault
from reference_impl.gateway.gateway import Gateway
from reference_impl.gateway.headers import SecurityHeaders
from reference_impl.gateway.preconditions import EntityTags, Preconditions
from reference_impl.storage.links import Links
from reference_impl.storage.tables import WEBHOOKS
from reference_impl.storage.webhooks import Webhooks
from reference_impl.views.links import LinkViews
from reference_impl.views.representations import Answers
from reference_impl.views.webhooks import WebhookViews


@fault("COND-ETAG-PRESENT-AND-CHANGES", also=("REST-RESPONSE-CONFORMS-SCHEMA", "COND-IF-MATCH-412"))
class TagsHaveNoQuotes(EntityTags):
    """The entity tag is sent without its quotes."""

    def of(self, entity):
        return super().of(entity).strip('"')


@fault("COND-ETAG-PRESENT-AND-CHANGES")
class TagsAreSeconds(EntityTags):
    """The entity tag is the second of the last change, so that two quick changes have the same."""

    def of(self, entity):
        return f'"{entity.id}.{entity.updated_at[:19]}"'


@fault("COND-ETAG-PRESENT-AND-CHANGES")
class TagsAreNewEachTime(EntityTags):
    """Every answer has a new entity tag, although nothing has changed."""

    def of(self, entity):
        return f'"{uuid.uuid4()}"'


@fault("COND-ETAG-PRESENT-AND-CHANGES")
class WhatIsDisabledKeepsItsVersion(Webhooks):
    """Disables a receiver beside the code that counts versions."""

    def disable(self, webhook, reason):
        values = {"enabled": False, "disabled_reason": reason}
        self.database.change(update(WEBHOOKS).where(WEBHOOKS.c.id == webhook.id).values(values))


@fault("COND-LIST-TAG-CHANGES")
class TheListIsItsIds(Answers):
    """The tag of a list is made of what stands in it, and not of how that is."""

    def page(self, call, items, following):
        response = super().page(call, items, following)
        named = " ".join(str(each["id"]) for each in items)
        response.headers["ETag"] = self.tags.of_content(call.request, f"{named} {following}".encode())
        return response


@fault("COND-LIST-TAG-CHANGES")
class TheTagIsThatOfTheItems(Answers):
    """The tag of a page is made of its items, and not of what tells that there is a next one."""

    def page(self, call, items, following):
        response = super().page(call, items, following)
        response.headers["ETag"] = self.tags.of_content(call.request, self.serialise(items))
        return response


@fault("COND-LIST-TAG-CHANGES")
class AListOfJobsIsItsIds(EntityTags):
    """The tag of a list of jobs is made when they begin, and is the same when they have ended."""

    def of_content(self, request, content):
        if request.path == "/v1/jobs":
            content = repr([job["id"] for job in json.loads(content)["items"]]).encode()
        return super().of_content(request, content)


@fault("COND-LIST-TAG-CHANGES")
class AttemptsLeaveTheTag(EntityTags):
    """The tag of the delivery log is made of states alone: further attempts that fail do not change it."""

    def of_content(self, request, content):
        if request.path.endswith("/deliveries"):
            content = repr([(each["id"], each["state"]) for each in json.loads(content)["items"]]).encode()
        return super().of_content(request, content)


@fault("COND-LIST-TAG-CHANGES")
class TheTagIsThatOfTheBeginning(EntityTags):
    """The tag of a list is made of the first 4 KiB of it."""

    def of_content(self, request, content):
        return super().of_content(request, content[:4096])


@fault("COND-WRITE-TELLS-TAG")
class RotationsTellTheFormerTag(WebhookViews):
    """A rotation answers with the tag of what it has read, and not of what it has written."""

    def rotate(self, call):
        response = super().rotate(call)
        response.headers["ETag"] = self.tools.answers.tags.of(call.subject_of(Webhook))
        return response


@fault("COND-IF-NONE-MATCH-304")
class ListsOfTagsAreNotRead(Preconditions):
    """If-None-Match is compared as a whole, so that a list never matches."""

    def matches_weakly(self, field, tag):
        return field == tag


@fault("COND-IF-MATCH-412")
class ListsNeedTheirSpaces(Preconditions):
    """A list of tags is split at a comma and a space, where the space may be missing (RFC 9110, section 5.6.1)."""

    def listed(self, field):
        return [found for each in field.split(", ") for found in super(ListsNeedTheirSpaces, self).listed(each)[:1]]


@fault("COND-IF-NONE-MATCH-304")
class WeakTagsDoNotMatch(Preconditions):
    """If-None-Match is compared strongly, so that a tag that a proxy made weak does not match."""

    def matches_weakly(self, field, tag):
        return super().matches_strongly(field, tag)


@fault("COND-IF-NONE-MATCH-304")
class AnyTagIsCurrent(Preconditions):
    """The answer is 304 whatever If-None-Match names."""

    def matches_weakly(self, field, tag):
        return True


@fault("COND-IF-MATCH-412")
class IfMatchIsIgnored(Preconditions):
    """If-Match is not looked at."""

    def if_match(self, request):
        return None


@fault("COND-IF-MATCH-412")
class IfMatchIsIgnoredByDelete(Preconditions):
    """If-Match is looked at by updates only."""

    def if_match(self, request):
        return None if request.method == "DELETE" else super().if_match(request)


@fault("COND-IF-MATCH-412")
class IfMatchIsComparedWeakly(Preconditions):
    """A weak tag in If-Match is as good as a strong one."""

    def matches_strongly(self, field, tag):
        return super().matches_weakly(field, tag)


@fault("COND-LOST-UPDATE-RACE")
class CompareAndWriteAreApart(Links):
    """The tag is compared before the write, and not again by it."""

    def is_still(self, expected):
        return super().is_still(None)


@fault("COND-PRIVATE-CACHING")
class TheGatewayCachesForEverybody(SecurityHeaders):
    """The gateway marks what has no mark of its own as public, to take load off the services."""

    def caching(self):
        return "public, max-age=60"


@fault("COND-PRIVATE-CACHING")
class SharedCachesKeepLists(SecurityHeaders):
    """Lists change seldom, and so may be kept for a minute by the caches in between."""

    def apply(self, response, operation):
        super().apply(response, operation)
        if operation and operation.id.startswith("list"):
            response.headers["Cache-Control"] = "max-age=0, s-maxage=60"


@fault("COND-IF-NONE-MATCH-304")
class ListsAreTaggedByTheirAddress(EntityTags):
    """The tag of a list is made of the address alone, and so never changes."""

    def of_content(self, request, content):
        return super().of_content(request, request.full_path.encode())


@fault("COND-REQUIRED-428")
class NobodyInsistsOnTheTag(Preconditions):
    """If-Match is looked at where it is sent, and not asked for where it is not."""

    def insist(self, request, operation):
        return None


@fault("COND-REQUIRED-428")
class AMissingTagIsMalformed(Preconditions):
    """That If-Match is missing is found by the validation of parameters, and told as any of its kind."""

    def missing(self):
        return malformed("If-Match: is missing")


@fault("COND-ETAG-PRESENT-AND-CHANGES")
class AnActionIsNoChange(EntityTags):
    """What moderators do to a thing does not count as a change of it."""

    def of(self, entity):
        return f'"{entity.id}.{entity.version - getattr(entity, "taken_down", False)}"'


@fault("COND-WRITE-TELLS-TAG")
class ChangesBearTheFormerTag(LinkViews):
    """The tag was computed for If-Match, before the change."""

    def changed(self, call, changes):
        response = super().changed(call, changes)
        response.headers["ETag"] = self.tools.preconditions.tags.of(call.subject)
        return response


@fault("COND-WRITE-TELLS-TAG")
class CreationsAreTaggedByTheirAnswer(Answers):
    """The tag of a creation is a digest of its answer, which holds more than a read."""

    def created(self, entity, document):
        response = super().created(entity, document)
        response.set_etag(hashlib.sha256(response.get_data()).hexdigest())
        return response


@fault("COND-IF-MATCH-412")
class ActionsTakeNoPrecondition(Gateway):
    """If-Match is compared for changes of members, and not for actions."""

    def compare(self, call):
        if call.operation.id != "takeDownLink":
            super().compare(call)


@fault("COND-IF-NONE-MATCH-304")
class LaterPagesAreAlwaysSent(Preconditions):
    """If-None-Match is looked at on the first page of a list alone."""

    def unchanged(self, request, tag):
        return "cursor" not in request.args and super().unchanged(request, tag)


@fault("COND-ETAG-PRESENT-AND-CHANGES")
class TagsAreOfWhatIsSet(EntityTags):
    """The tag is a digest of what a request can set, and not of what is shown."""

    def of(self, entity):
        if not isinstance(entity, Link):
            return super().of(entity)
        told = [entity.destination, entity.title, entity.enabled, entity.expires_at, entity.taken_down]
        return f'"{hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]}"'


@fault("COND-IF-MATCH-412")
class ModeratorsComeFirst(Gateway):
    """If-Match is what owners agree upon among themselves; a moderator is not held up by it."""

    def compare(self, call):
        if not isinstance(call.subject, Link) or call.subject.owner == call.principal.key:
            super().compare(call)
