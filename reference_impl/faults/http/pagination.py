"""Ways to get pages wrong."""

from __future__ import annotations

from itsdangerous import BadData, URLSafeSerializer

from reference_impl.domain.refusals import RefusalError
from reference_impl.faults import fault
from reference_impl.gateway.validation import RequestValidation
from reference_impl.storage.history import History
from reference_impl.storage.tables import DELIVERIES
from reference_impl.storage.webhooks import Webhooks
from reference_impl.views.pages import Pages
from reference_impl.views.representations import Answers


@fault("PAGE-COMPLETE-NO-DUPLICATES")
class TheItemAtTheBorderIsLost(Pages):
    """The cursor is that of the item after the page, which is then on neither."""

    def page(self, call, fetch):
        size = self.size(call)
        found = fetch(self.owner(call), self.before(call), size + 1)
        return found[:size], self.cursor(call, found[-1]) if self.more(found, size) else None


@fault("PAGE-COMPLETE-NO-DUPLICATES")
class TheCursorIsIgnored(Pages):
    """Every page is the first one, and there is always a next."""

    def before(self, call):
        return None


@fault("PAGE-CURSOR-OPAQUE-VALIDATED")
class TheCursorIsThePosition(Pages):
    """The cursor is the bare position, so that anybody can make one up."""

    def cursor(self, call, last):
        return str(last.position)

    def read(self, call, cursor):
        return cursor


@fault("PAGE-CURSOR-OPAQUE-VALIDATED", also=("ROB-NO-5XX-ON-INPUT", "REST-RESPONSE-CONFORMS-SCHEMA"))
class TheCursorCrashes(Pages):
    """A cursor that cannot be read is caught by nobody."""

    def read(self, call, cursor):
        try:
            return super().read(call, cursor)
        except BadData as error:
            raise LookupError from error


@fault("PAGE-CURSOR-BOUND", also=("ROB-NO-5XX-ON-INPUT", "REST-RESPONSE-CONFORMS-SCHEMA"))
class TheCursorSaysWhoseListItIs(Pages):
    """A cursor continues the list of whom it was given to, whoever sends it."""

    def signer(self, call):
        return URLSafeSerializer(self.secret, salt=call.operation.id)

    def cursor(self, call, last):
        return self.signer(call).dumps([last.owner, last.position])

    def owner(self, call):
        cursor = call.query.get("cursor")
        return super().read(call, cursor)[0] if cursor else super().owner(call)

    def read(self, call, cursor):
        return super().read(call, cursor)[1]


@fault("PAGE-LIMIT-BOUNDS")
class TheLimitIsOfTheFirstPage(Pages):
    """The cursor does not keep the limit, and later pages hold as many items as there is room for."""

    def size(self, call):
        return 100 if "cursor" in call.query else super().size(call)


@fault("PAGE-ORDER-KEPT")
class LaterPagesAreTurnedRound(Pages):
    """The query behind the cursor sorts the other way, and its rows are shown as they come."""

    def page(self, call, fetch):
        items, following = super().page(call, fetch)
        return (items[::-1] if "cursor" in call.query else items), following


@fault("PAGE-LIMIT-BOUNDS")
class TheLimitIsIgnored(Pages):
    """A page holds a hundred items, whatever was asked for."""

    def size(self, call):
        return 100


@fault("PAGE-LIMIT-BOUNDS", also=("ROB-INVALID-REFUSED", "PAGE-CURSOR-OPAQUE-VALIDATED"))
class WrongParametersAreIgnored(RequestValidation):
    """A parameter that cannot be understood counts as not given."""

    def parameters(self, call):
        try:
            return super().parameters(call)
        except RefusalError:
            return {"limit": 20}


@fault("PAGE-LIMIT-BOUNDS")
class LimitsAreReadAsNumbersOfAProgram(RequestValidation):
    """The limit of a list is read by the language's own function, which takes 1_0 and +1, too."""

    def parameters(self, call):
        given = call.request.args.get("limit", "")
        if call.operation.id != "listJobs" or given.isdigit():
            return super().parameters(call)
        try:
            return {"limit": int(given)}
        except ValueError:
            return super().parameters(call)


@fault("PAGE-STABLE-UNDER-CHANGE")
class PagesAreCounted(Pages):
    """The cursor is the number of items that were shown, so that each page begins where another one has moved to."""

    def page(self, call, fetch):
        size, shown = self.size(call), self.before(call) or 0
        found = fetch(self.owner(call), None, shown + size + 1)[shown:]
        more = self.more(found, size)
        return found[:size], self.signer(call).dumps(shown + size) if more else None


@fault("PAGE-NEXT-LINK-WORKS")
class TheNextLinkHasAnInternalHost(Answers):
    """The link to the next page names the host that only the gateway knows."""

    def next_page(self, call, following):
        return super().next_page(call, following).replace(self.public_url, "http://links-backend:8080")


@fault("PAGE-NEXT-LINK-WORKS")
class TheNextLinkForgetsTheLimit(Answers):
    """The link to the next page holds the cursor alone, so that the page is of another size."""

    def next_page(self, call, following):
        return f"{self.public_url}{call.request.path}?cursor={following}"


@fault("PAGE-STABLE-UNDER-CHANGE")
class TheCursorIsAnItem(Pages):
    """The next page begins after the last item that was shown; once that is gone, there is no next page."""

    def page(self, call, fetch):
        last = self.before(call)
        if last is not None and last not in [each.position for each in fetch(self.owner(call), last + 1, 1)]:
            return [], None
        return super().page(call, fetch)


@fault("PAGE-COMPLETE-NO-DUPLICATES")
class LaterPagesForgetWhoseTheyAre(History):
    """The condition on the receiver stands in the query of the first page alone."""

    def page(self, webhook_id, before, size):
        if before is None:
            return super().page(webhook_id, before, size)
        return self._read([DELIVERIES.c.position < before], size)


@fault("PAGE-LIMIT-BOUNDS")
class TheLargestLimitIsRefused(RequestValidation):
    """The largest limit that is declared counts as too large."""

    def parameters(self, call):
        query = super().parameters(call)
        if query.get("limit") == 100:
            raise RefusalError("malformed-request", "limit: is too large")
        return query


@fault("PAGE-NEXT-LINK-WORKS")
class OnlyTheFirstPageHasALink(Answers):
    """The link to the next page is set where there is no cursor."""

    def page(self, call, items, following):
        response = super().page(call, items, following)
        if "cursor" in call.query:
            response.headers.pop("Link", None)
        return response


@fault("PAGE-COMPLETE-NO-DUPLICATES")
class LastChangedComesFirst(Webhooks):
    """Receivers are listed by their last change, and the cursor counts by their making."""

    def page(self, owner, before, size):
        known = [each for each in self.all_of(owner) if before is None or each.position < before]
        return sorted(known, key=lambda each: each.updated_at, reverse=True)[:size]


@fault("PAGE-CURSOR-OPAQUE-VALIDATED")
class NoCursorIsTheFirstPage(RequestValidation):
    """An empty cursor is taken for none."""

    def parameters(self, call):
        empty = call.request.args.get("cursor") == ""
        return {"limit": 20} if empty else super().parameters(call)


@fault("PAGE-COMPLETE-NO-DUPLICATES")
class NothingIsBeyondTheLargestPage(Pages):
    """Whoever asks for the largest page is taken to want everything, and is told of no further one."""

    def more(self, found, size):
        return super().more(found, size) and size < 100
