"""Ways to be brittle."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import UTC, datetime
from socket import SHUT_RDWR

from reference_impl.domain.refusals import Offence, RefusalError, conflict, invalid, malformed
from reference_impl.faults import fault
from reference_impl.gateway.bodies import Bodies
from reference_impl.gateway.idempotency import KEY_FORM, IdempotencyKeys
from reference_impl.gateway.preconditions import Preconditions
from reference_impl.gateway.validation import RequestValidation
from reference_impl.storage.links import Links
from reference_impl.views.links import LinkViews, Redirects
from reference_impl.views.pages import Pages


@fault("ROB-NO-5XX-ON-INPUT", also=("REST-RESPONSE-CONFORMS-SCHEMA", "IDEM-KEY-FORMAT"))
class MalformedKeysCrash(IdempotencyKeys):
    """A key is taken apart without a look at whether it is one."""

    def parse(self, field, longest):
        found = KEY_FORM.fullmatch(field)
        return found["quoted"] or found["bare"]


@fault("ROB-NO-5XX-ON-INPUT")
class FieldsWithoutTagsCrash(Preconditions):
    """The first tag of If-None-Match is taken without a look at whether there is one."""

    def matches_weakly(self, field, tag):
        return self.listed(field)[0][1] == tag or super().matches_weakly(field, tag)


@fault("ROB-ALWAYS-ANSWERS")
class InvalidBodiesHangUp(RequestValidation):
    """What is wrong with a body ends the connection instead of being told."""

    def body(self, call):
        try:
            return super().body(call)
        except RefusalError:
            call.request.environ["gunicorn.socket"].shutdown(SHUT_RDWR)
            raise


@fault("ROB-ALWAYS-ANSWERS")
class PathsThatAreNoTextHangUp(RequestValidation):
    """A path that is no UTF-8 ends the connection."""

    def parameters(self, call):
        if "\N{REPLACEMENT CHARACTER}" in call.request.path:
            call.request.environ["gunicorn.socket"].shutdown(SHUT_RDWR)
        return super().parameters(call)


@fault("ROB-INVALID-REFUSED", also=("ROB-NO-5XX-ON-INPUT", "REST-RESPONSE-CONFORMS-SCHEMA"))
class BodiesAreNotValidated(RequestValidation):
    """A body is used without a look at its schema."""

    def body(self, call):
        return None


@fault("ROB-INVALID-REFUSED")
class UnknownMembersAreAccepted(RequestValidation):
    """Members that the schema does not know are dropped in silence."""

    def body(self, call):
        known = {"destination", "title", "code", "url", "events", "enabled", "description"}
        if not isinstance(call.body, dict) or set(call.body) <= known:
            super().body(call)


@fault("ROB-INVALID-REFUSED")
class TruthIsReadFromText(RequestValidation):
    """One operation reads truth values as forms send them, so that "true" is one."""

    def body(self, call):
        if call.operation.id == "updateWebhook" and call.body.get("enabled") == "true":
            call.body["enabled"] = True
        else:
            super().body(call)


@fault("ROB-INVALID-REFUSED")
class DaysAreMoments(RequestValidation):
    """A day in the place of a moment is taken for its beginning."""

    def body(self, call):
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", str(call.body.get("expires_at"))):
            call.body["expires_at"] += "T00:00:00Z"
        else:
            super().body(call)


@fault("ROB-TEXT-KEPT")
class NoTextIsNull(LinkViews):
    """An empty text is stored as none at all."""

    def in_utc(self, given):
        return super().in_utc({**given, "title": given["title"] or None} if "title" in given else given)


@fault("ROB-VALID-ACCEPTED")
class NullIsTakenForMissing(RequestValidation):
    """Null is refused where the schema permits it."""

    def body(self, call):
        super().body(call)
        for name in [name for name, value in call.body.items() if value is None]:
            raise invalid(Offence(pointer=f"/{name}", detail="is missing"))


@fault("ROB-VALID-ACCEPTED")
class TheGreatestLimitIsTooMuch(Pages):
    """Refuses the limit at the bound, by a comparison that is off by one."""

    def size(self, call):
        size = super().size(call)
        if size >= 100:
            raise malformed("limit: is too much", Offence(parameter="limit", detail="is too much"))
        return size


@fault("ROB-LONGEST-TEXT")
class CharactersAreHalves(RequestValidation):
    """Counts the units of UTF-16, of which some characters take two."""

    def body(self, call):
        super().body(call)
        if len(str(call.body.get("title") or "").encode("utf-16-le")) > 2 * 200:
            raise self.refuse_body((Offence(pointer="/title", detail="is too long"),))


@fault("ROB-LONGEST-TEXT")
class LongTextsAreCut(LinkViews):
    """What is longer than the column is cut in silence."""

    def in_utc(self, given):
        return super().in_utc(given | ({"title": given["title"][:128]} if given.get("title") else {}))


@fault("ROB-LONGEST-TEXT")
class LongAddressesAreCut(LinkViews):
    """A change cuts an address where the column of an older table ended."""

    def changed(self, call, changes):
        cut = {"destination": changes["destination"][:1024]} if "destination" in changes else {}
        return super().changed(call, {**changes, **cut})


@fault("ROB-NESTING-AND-NUMBERS")
class NulIsCutOut(Bodies):
    """NUL characters are cut out of texts in silence."""

    def parse(self, content):
        return super().parse(content.replace(b"\\u0000", b""))


@fault("ROB-NESTING-AND-NUMBERS")
class TheValidatorReadsTheFirst(Bodies):
    """Of a member that is given twice the validator sees the first value and the handler the last."""

    def members(self, pairs):
        return dict(reversed(pairs))

    def read(self, request, operation):
        super().read(request, operation)
        return json.loads(request.get_data())


@fault("ROB-PARAMETER-POLLUTION")
class ValidatorAndHandlerReadDifferentOnes(RequestValidation):
    """Of a parameter that is given twice the first value is validated, and the last is used."""

    def repeated(self, call):
        return []

    def parameters(self, call):
        found = super().parameters(call)
        return {**found, **{name: call.request.args.getlist(name)[-1] for name in call.request.args}}


@fault("ROB-PARAMETER-POLLUTION")
class TwoValuesAreAList(RequestValidation):
    """A parameter that is given twice becomes a list, which nobody expects."""

    def repeated(self, call):
        return []

    def parameters(self, call):
        found, given = super().parameters(call), dict(call.request.args.lists())
        return {name: given[name] if len(given.get(name, ())) > 1 else value for name, value in found.items()}


@fault("ROB-UNIQUE-CODE-RACE")
class ATakenCodeIsReplaced(Links):
    """Whoever asks for a code that is taken gets another one, in silence."""

    def add(self, owner, tenant, new):
        try:
            return super().add(owner, tenant, new)
        except RefusalError:
            return super().add(owner, tenant, {**new, "code": None})


@fault("ROB-UNIQUE-CODE-RACE", also=("REST-RESPONSE-CONFORMS-SCHEMA", "ROB-NO-5XX-ON-INPUT"))
class TheConstraintCrashes(Links):
    """That the unique constraint can be violated is expected by nobody."""

    def add(self, owner, tenant, new):
        try:
            return super().add(owner, tenant, new)
        except RefusalError as error:
            raise LookupError from error


@fault("ROB-UNIQUE-CODE-RACE")
class TheRefusalNamesTheLink(Links):
    """The refusal of a code that is taken tells which link has it."""

    def add(self, owner, tenant, new):
        try:
            return super().add(owner, tenant, new)
        except RefusalError as error:
            raise conflict(f"The code is that of {self.by_code(new['code']).id}.") from error


@fault("ROB-TEXT-KEPT")
class TextsAreTidiedUp(LinkViews):
    """White space around a title is taken off."""

    def in_utc(self, given):
        tidied = {"title": given["title"].strip()} if given.get("title") else {}
        return {**super().in_utc(given), **tidied}


@fault("ROB-TEXT-KEPT")
class LettersArePutTogether(LinkViews):
    """Titles are brought into a normal form, so that they can be compared."""

    def in_utc(self, given):
        composed = {"title": unicodedata.normalize("NFC", given["title"])} if given.get("title") else {}
        return {**super().in_utc(given), **composed}


@fault("ROB-VALID-ACCEPTED")
class MomentsHaveSixDigits(RequestValidation):
    """A moment is read to the microsecond, and refused where there is more."""

    def body(self, call):
        super().body(call)
        if re.search(r"\.\d{7}", str((call.body or {}).get("expires_at"))):
            raise invalid(Offence(pointer="/expires_at", detail="is not a moment"))


@fault("ROB-NO-5XX-ON-INPUT")
class TheCalendarHasNoEnds(LinkViews):
    """A moment is turned into UTC, wherever that leads."""

    def in_utc(self, given):
        if given.get("expires_at"):
            datetime.fromisoformat(given["expires_at"].upper()).astimezone(UTC)
        return super().in_utc(given)


@fault("ROB-LONGEST-TEXT")
class LongDestinationsAreCut(Redirects):
    """The redirect has room for a thousand characters."""

    def destination(self, link):
        return link.destination[:1000]
