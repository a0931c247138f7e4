"""Ways to get the rules of links wrong."""

from __future__ import annotations

import json
from dataclasses import replace

from sqlalchemy import func

from reference_impl.contract import Contract
from reference_impl.domain.refusals import RefusalError
from reference_impl.faults import fault
from reference_impl.gateway.bodies import Bodies
from reference_impl.gateway.credentials import Authentication
from reference_impl.gateway.ownership import Ownership
from reference_impl.gateway.validation import Schemas
from reference_impl.jobs.importer import Completion
from reference_impl.storage.clicks import Clicks
from reference_impl.storage.links import Links
from reference_impl.storage.tables import LINKS
from reference_impl.views.deliveries import DeliveryViews
from reference_impl.views.links import LinkViews, Redirects
from reference_impl.views.representations import LinkRepresentation

GIVEN, SHOWN = '"^https?://[0-9A-Za-z]"', '"^https?://"'  # the patterns of a destination in the schemas


@fault("LINK-WALK", also=("WHD-EVENT-DELIVERED",))
class EventsGoToTheMakerAlone(LinkViews):
    """Receivers of the maker are told of a link, and not those that others of the tenant registered."""

    def publish(self, kind, link):
        document = self.shown.document(link)
        self.tools.outbox.publish(kind, owner=link.owner, source=link.path, data=document)


@fault("LINK-WALK", also=("ASYNC-EVENTUAL-CONSISTENCY",))
class TheFirstStatisticsStay(Clicks):
    """Statistics are kept in a cache for good once they have been read."""

    def __init__(self, database):
        super().__init__(database)
        self.kept = {}

    def statistics(self, link_id):
        return self.kept.setdefault(link_id, super().statistics(link_id))


@fault("LINK-PARTNER-READS", also=("TENANT-ISOLATION",))
class ATenantSharesItsLinks(Ownership):
    """Whoever is of the tenant of a link may read and change it."""

    def owns(self, principal, found):
        return principal.tenant_key in {found.owner, getattr(found, "tenant", "")} or super().owns(principal, found)


@fault("LINK-PARTNER-READS", also=("SCOPE-SUFFICIENT",))
class OneScopeIsReadLetterByLetter(Authentication):
    """A scope claim without a space is taken for a list, of its letters."""

    def scopes(self, claims):
        return super().scopes(claims) if " " in claims.get("scope", "") else frozenset(claims.get("scope", ""))


@fault("LINK-CODE-TAKEN")
class AnotherCodeIsMade(Links):
    """Instead of a code that is taken another one is made, in silence."""

    def add(self, owner, tenant, new):
        try:
            return super().add(owner, tenant, new)
        except RefusalError:
            return super().add(owner, tenant, {**new, "code": None})


@fault("LINK-CODE-TAKEN")
class ACodeIsItsOwnersToReuse(Links):
    """Who has a code already and asks for it again moves the link that has it."""

    def add(self, owner, tenant, new):
        known = self.by_code(new["code"]) if new.get("code") else None
        mine = known if known and known.owner == owner else None
        return self.update(mine, {"destination": new["destination"]}, None) if mine else super().add(owner, tenant, new)


@fault("LINK-CODE-CASE")
class LettersAreLetters(Links):
    """Compares codes as the collation of the database does, in any case."""

    def by_code(self, code):
        return self._one(func.lower(LINKS.c.code) == code.lower())


@fault("ROB-DESTINATION-SCHEME", also=("ROB-INVALID-REFUSED",))
class BadSchemesAreListed(Schemas):
    """A list names the schemes that are bad, in small letters."""

    def __init__(self, contract, bodies):
        listed = json.dumps("^(?!javascript:|data:|file:|vbscript:|https?:///|/)")
        super().__init__(worded(contract, {GIVEN: listed, SHOWN: listed}), bodies)


@fault("ROB-DESTINATION-SCHEME", also=("ROB-INVALID-REFUSED",))
class HttpMayStandAnywhere(Schemas):
    """The expression that looks for the scheme is not tied to the beginning."""

    def __init__(self, contract, bodies):
        super().__init__(worded(contract, {GIVEN: GIVEN.replace("^", ""), SHOWN: SHOWN.replace("^", "")}), bodies)


@fault("ROB-DESTINATION-SCHEME", also=("ROB-NESTING-AND-NUMBERS",))
class LineBreaksAreCutOut(Bodies):
    """Line breaks in texts are cut out in silence, so that what was refused becomes something else."""

    def parse(self, content):
        return super().parse(content.replace(b"\\r", b"").replace(b"\\n", b""))


@fault("ROB-DESTINATION-SCHEME", also=("ROB-INVALID-REFUSED",))
class ChangesMayHoldAnything(Schemas):
    """The destination is looked at when a link is made, and not when it is changed."""

    def __init__(self, contract, bodies):
        changed = worded(contract, {SHOWN: '""'})
        body = changed.document["paths"]["/v1/links/{linkId}"]["patch"]["requestBody"]
        body["content"]["application/merge-patch+json"]["schema"]["properties"]["destination"] = {"type": "string"}
        super().__init__(changed, bodies)


@fault("LINK-VERSIONS")
class EachChangeIsANewBeginning(LinkRepresentation):
    """A change is written as a new row, with the time at which it was made."""

    def document(self, link):
        return {**super().document(link), "created_at": link.updated_at}


@fault("LINK-NEWEST-VISIT")
class TheOldestVisitIsTold(Clicks):
    """The time of a visit is written when the row is made, and not again."""

    def statistics(self, link_id):
        times = [each.clicked_at for each in self.page(link_id, None, 100)]
        return replace(super().statistics(link_id), last_clicked_at=min(times, default=None))


@fault("LINK-CODE-LENGTHS")
class ShortCodesAreNone(Redirects):
    """A code has more than four characters."""

    def find(self, code):
        return super().find(code) if len(code) > 4 else None


@fault("LINK-IMPORTS")
class EveryImportSucceeds(Completion):
    """A job that has come to its end has succeeded."""

    def state(self, job):
        return "succeeded"


@fault("LINK-DISABLED-RECEIVER")
class RedeliveriesAreTakenOn(DeliveryViews):
    """What is sent again is taken on, and given up when its receiver turns out to be disabled."""

    def permitted(self, webhook):
        return True


def worded(contract, words):
    """The contract with these patterns in the place of others."""
    text = json.dumps(contract.document)
    for known, other in words.items():
        text = text.replace(f'"pattern": {known}', f'"pattern": {other}')
    return Contract(json.loads(text), contract.events)
