"""Ways to give one principal what belongs to another."""

from __future__ import annotations

from contextlib import suppress
from itertools import count

from flask import request
from sqlalchemy import select, true, update

from reference_impl.domain.entities import Link
from reference_impl.domain.ids import Codes, Ids
from reference_impl.domain.refusals import RefusalError
from reference_impl.faults import fault
from reference_impl.gateway.gateway import Gateway
from reference_impl.gateway.ownership import Ownership
from reference_impl.storage.history import History
from reference_impl.storage.links import Links
from reference_impl.storage.tables import LINKS
from reference_impl.views.links import LinkViews
from reference_impl.views.pages import Pages
from reference_impl.views.representations import WebhookRepresentation


@fault("OBJ-READ-FOREIGN")
class ReadsByIdAlone(Ownership):
    """Where a thing is read, it is found by its id alone."""

    def guards(self, operation):
        return super().guards(operation) and operation.method != "get"


@fault("OBJ-READ-FOREIGN", also=("OBJ-STRANGER-STATUS", "OBJ-NO-EXISTENCE-ORACLE"))
class RefusalTellsTheTitle(Ownership):
    """The refusal says what it is that somebody else owns."""

    def foreign(self, found):
        title = found.title if isinstance(found, Link) else found.description
        return RefusalError("insufficient-scope", f"{title} is not yours.")


@fault("OBJ-UPDATE-FOREIGN")
class ChangesByIdAlone(Ownership):
    """Where a thing is changed, it is found by its id alone."""

    def guards(self, operation):
        return super().guards(operation) and operation.method != "patch"


@fault("OBJ-UPDATE-FOREIGN")
class OwnerAskedAfterTheView(Gateway):
    """Whose it is is looked at when the change is made already."""

    def own(self, call):
        if call.operation.id == "updateLink":
            call.subject = self.parts.ownership.finders["linkId"](call.path["linkId"])
        else:
            super().own(call)

    def handle(self, call, view):
        response = super().handle(call, view)
        super().own(call)
        return response


@fault("OBJ-UPDATE-FOREIGN", also=("OBJ-DELETE-FOREIGN",))
class TagIsTheKey(Ownership):
    """Who sends the current tag is taken for somebody who may."""

    def owns(self, principal, found):
        return super().owns(principal, found) or request.headers.get("If-Match") == f'"{found.id}.{found.version}"'


@fault("OBJ-DELETE-FOREIGN")
class DeletesByIdAlone(Ownership):
    """Where a thing is deleted, it is found by its id alone."""

    def guards(self, operation):
        return super().guards(operation) and operation.method != "delete"


@fault("OBJ-ACTION-FOREIGN")
class RotatesByIdAlone(Ownership):
    """A receiver's secret is changed for everybody who knows its id."""

    def guards(self, operation):
        return super().guards(operation) and operation.id != "rotateWebhookSecret"


@fault("OBJ-ACTION-FOREIGN")
class PingsByIdAlone(Ownership):
    """A receiver is pinged for everybody who knows its id."""

    def guards(self, operation):
        return super().guards(operation) and operation.id != "pingWebhook"


@fault("OBJ-LIST-ISOLATION")
class LaterPagesAreEverybodys(Links):
    """What follows a cursor is found by its position alone."""

    def page(self, owner, before, size):
        if before is None:
            return super().page(owner, before, size)
        query = select(LINKS).where(LINKS.c.position < before).order_by(LINKS.c.position.desc()).limit(size)
        return [Link(**row) for row in self.database.rows(query)]


@fault("OBJ-LIST-ISOLATION")
class ListsEverybodysLinks(Links):
    """The list lacks the condition on the owner."""

    def owned_by(self, owner):
        return true()


@fault("OBJ-LIST-ISOLATION")
class ListsForTheOwnerParameter(Pages):
    """A parameter says whose things are listed."""

    def owner(self, call):
        subject = call.request.args.get("owner", call.principal.subject)
        return f"{call.principal.issuer}|{subject}"


@fault("OBJ-LIST-ISOLATION")
class ListsForTheUserHeader(Pages):
    """A header that a gateway might have set says whose things are listed."""

    def owner(self, call):
        subject = call.request.headers.get("X-User-Id", call.principal.subject)
        return f"{call.principal.issuer}|{subject}"


@fault("OBJ-STRANGER-STATUS", also=("OBJ-NO-EXISTENCE-ORACLE",))
class ForbiddenForStrangers(Ownership):
    """Strangers are answered 403."""

    def foreign(self, found):
        return RefusalError("insufficient-scope", "It is not yours.")


@fault("OBJ-NO-EXISTENCE-ORACLE")
class RefusalBearsTheTag(Ownership):
    """The 404 for strangers has the ETag of what they asked for."""

    def foreign(self, found):
        refusal = super().foreign(found)
        refusal.headers = {"ETag": f'"{found.id}.{found.version}"'}
        return refusal


@fault("OBJ-NO-EXISTENCE-ORACLE")
class RefusalInOtherWords(Ownership):
    """The 404 for strangers says something else than the one for nothing."""

    def foreign(self, found):
        refusal = super().foreign(found)
        refusal.detail = "Nothing of yours is here."
        return refusal


@fault("OBJ-CONDITIONAL-NO-ORACLE", also=("OBJ-STRANGER-STATUS", "OBJ-NO-EXISTENCE-ORACLE"))
class TagsComparedBeforeTheOwner(Ownership):
    """If-Match is looked at before whose the thing is."""

    def foreign(self, found):
        tag = request.headers.get("If-Match")
        if tag and tag != f'"{found.id}.{found.version}"':
            return RefusalError("precondition-failed", "The tag is no longer current.")
        return super().foreign(found)


@fault("OBJ-CONDITIONAL-NO-ORACLE")
class CacheAnswersBeforeTheOwner(Ownership):
    """Something like a shared cache answers 304 to everybody who has the tag."""

    def owns(self, principal, found):
        return super().owns(principal, found) or request.headers.get("If-None-Match") == f'"{found.id}.{found.version}"'


@fault("OBJ-OWNER-FROM-TOKEN")
class OwnerFromTheHeader(LinkViews):
    """X-User-Id, as a gateway might have set it, says whose the new link is."""

    def owner(self, call):
        return f"{call.principal.issuer}|{call.request.headers.get('X-User-Id', call.principal.subject)}"


@fault("OBJ-OWNER-FROM-TOKEN")
class OwnerFromTheQuery(LinkViews):
    """A parameter says whose the new link is."""

    def owner(self, call):
        return f"{call.principal.issuer}|{call.request.args.get('owner_id', call.principal.subject)}"


@fault("OBJ-OWNER-FROM-TOKEN")
class OwnerFromTheBody(Gateway):
    """The members of the body are laid over what the server knows, the owner among them."""

    def validate(self, call):
        with suppress(RefusalError):
            super().validate(call)

    def decide(self, call, view):
        response = super().decide(call, view)
        if call.operation.id == "createLink" and "owner" in call.body:
            owner = f"{call.principal.issuer}|{call.body['owner']}"
            self.database.change(update(LINKS).where(LINKS.c.id == response.json["id"]).values(owner=owner))
        return response


@fault("OBJ-READONLY-PROPERTIES")
class WritesEveryMember(Gateway):
    """What is sent is written to the row as it came."""

    def validate(self, call):
        with suppress(RefusalError):
            super().validate(call)

    def decide(self, call, view):
        response = super().decide(call, view)
        if call.operation.id == "updateLink":
            values = {name: value for name, value in call.body.items() if name in LINKS.c}
            self.database.change(update(LINKS).where(LINKS.c.id == call.subject.id).values(values))
        return response


@fault("OBJ-SECRET-PROPERTIES-HIDDEN")
class ShowsTheWholeRow(WebhookRepresentation):
    """A receiver is shown with all columns of its row, the secret among them."""

    def document(self, webhook):
        return self.with_secret(webhook)

    def with_secret(self, webhook):
        return super().document(webhook) | {"secret": webhook.secret}


@fault("OBJ-SECRET-PROPERTIES-HIDDEN")
class ListShowsSecrets(WebhookRepresentation):
    """The list shows receivers as they were shown when they were made."""

    def page(self, webhooks):
        return [self.with_secret(webhook) for webhook in webhooks]


@fault("OBJ-CLIENT-TOKEN-BOUNDARY")
class MachinesAreAdministrators(Ownership):
    """A client that acts in its own name may do everything."""

    def owns(self, principal, found):
        return super().owns(principal, found) or principal.subject.startswith("client:")


@fault("OBJ-CLIENT-TOKEN-BOUNDARY")
class MachinesHaveNoOwner(Links):
    """A client that acts in its own name owns nothing, so the list is not filtered for it."""

    def owned_by(self, owner):
        return true() if "|client:" in owner else super().owned_by(owner)


@fault("OBJ-IDS-UNPREDICTABLE")
class IdsCount(Ids):
    """Identifiers of what owners make are numbers of a counter."""

    numbers = count(1)

    def new(self, prefix):
        return f"{prefix}_{next(self.numbers):020d}" if prefix in {"lnk", "whk"} else super().new(prefix)


@fault("OBJ-IDS-UNPREDICTABLE")
class CodesCount(Codes):
    """Codes are numbers of a counter."""

    numbers = count(1)

    def new(self):
        return f"{next(self.numbers):08d}"


@fault("OBJ-CROSS-PARENT-CHILD")
class AnyParentWillDo(History):
    """Finds a delivery by its own id, whatever receiver the path names."""

    def named(self, webhook_id, delivery_id):
        return super().named(webhook_id, delivery_id)[:1]


@fault("OBJ-STRANGER-STATUS")
class FormComesBeforeOwnership(Gateway):
    """What is wrong with a request is told before anybody asks whose it is."""

    def gates(self):
        return (self.authenticate, self.authorise, self.limit, self.validate, self.own, self.compare)
