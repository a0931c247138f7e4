"""Ways to get idempotency keys themselves wrong."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from flask import Response

from reference_impl.domain.refusals import RefusalError
from reference_impl.faults import fault
from reference_impl.gateway.gateway import Gateway
from reference_impl.gateway.idempotency import IdempotencyKeys, digest

if TYPE_CHECKING:
    from reference_impl.gateway.call import Call

FORBIDDEN = "is an address that must not be called"
HEADER = "HTTP_IDEMPOTENCY_KEY"  # as WSGI names it


@fault("IDEM-KEY-REQUIRED")
class MissingKeyIsMadeUp(Gateway):
    """Where a key is required and none is there, the server makes one up."""

    def validate(self, call):
        call.request.environ.setdefault(HEADER, str(uuid.uuid4()))
        super().validate(call)


@fault("IDEM-KEY-REQUIRED")
class MissingKeyCrashes(IdempotencyKeys):
    """Where a key is required, the code takes for granted that there is one."""

    def given(self, request, operation):
        if self.required(operation):
            return self.parse(request.environ[HEADER], 255)
        return super().given(request, operation)


@fault("IDEM-KEY-OPTIONAL")
class KeyIsAlwaysRequired(IdempotencyKeys):
    """A key is demanded wherever one can be given."""

    def required(self, operation):
        return operation.idempotency is not None


@fault("IDEM-KEY-SYNTAX")
class LongKeyIsCut(Gateway):
    """A key is cut to the width of the column."""

    def validate(self, call):
        call.request.environ[HEADER] = call.request.environ.get(HEADER, str(uuid.uuid4()))[:255]
        super().validate(call)


@fault("IDEM-KEY-SYNTAX")
class EmptyKeyIsNone(Gateway):
    """An empty key counts as none."""

    def validate(self, call):
        if call.request.environ.get(HEADER) == "":
            del call.request.environ[HEADER]
        super().validate(call)


@fault("IDEM-KEY-SYNTAX")
class FirstOfTwoKeysCounts(Gateway):
    """Of two fields, the first one is taken."""

    def validate(self, call):
        if HEADER in call.request.environ:
            call.request.environ[HEADER] = call.request.environ[HEADER].partition(",")[0]
        super().validate(call)


@fault("IDEM-SCOPED-TO-PRINCIPAL")
class KeysOfTheTenant(IdempotencyKeys):
    """Keeps the keys of a tenant together, although each principal chooses its own."""

    def scope(self, call):
        return (call.principal.tenant_key, *super().scope(call)[1:])


@fault("IDEM-SCOPED-TO-PRINCIPAL")
class KeysAreSharedByAll(IdempotencyKeys):
    """There is one table of keys for everybody."""

    def scope(self, call):
        return super().scope(call)[1:]


@fault("IDEM-SCOPED-TO-PRINCIPAL")
class KeysAreSharedWithinAnIssuer(IdempotencyKeys):
    """Keys are told apart by the issuer of the token, not by its subject."""

    def scope(self, call):
        return (call.principal.issuer, *super().scope(call)[1:])


@fault("IDEM-SCOPED-TO-OPERATION")
class KeyAloneCounts(IdempotencyKeys):
    """An answer is looked up by its key alone, whatever is asked for."""

    def scope(self, call):
        return super().scope(call)[:1]

    def fingerprint(self, call):
        return ""


@fault("IDEM-SCOPED-TO-OPERATION")
class OperationIsForgotten(IdempotencyKeys):
    """A key is taken for one that came with another body, although that was another operation."""

    def scope(self, call):
        return super().scope(call)[:1]


@fault("IDEM-SCOPED-TO-OPERATION")
class ObjectIsForgotten(IdempotencyKeys):
    """Keys are told apart by operation, and not by the object that the path names."""

    def scope(self, call):
        return (call.principal.key, call.operation.id)

    def fingerprint(self, call):
        return digest(self.content(call))


@fault("IDEM-REPLAY-NEEDS-AUTH")
class RepeatsAreAnsweredAtTheDoor(Gateway):
    """Stored answers are given out before anybody asks who is there."""

    def __init__(self, *parts):
        super().__init__(*parts)
        self.answers = {}

    def handle(self, call, view):
        slot = (call.request.path, call.request.environ.get(HEADER))
        if slot not in self.answers:
            response = super().handle(call, view)
            if slot[1] is None:
                return response
            self.answers[slot] = copied(response)
        return copied(self.answers[slot])


@fault("IDEM-REPLAY-NEEDS-AUTH")
class RepeatsNeedNoScope(Gateway):
    """Stored answers are given out once it is known who is there, and before it is asked what they may do."""

    def __init__(self, *parts):
        super().__init__(*parts)
        self.answered = set()

    def authorise(self, call):
        if self.slot(call) not in self.answered:
            super().authorise(call)

    def decide(self, call, view):
        self.answered.add(self.slot(call))
        return super().decide(call, view)

    def slot(self, call: Call) -> tuple[object, object]:
        return (call.caller and call.caller.key, call.request.environ.get(HEADER, uuid.uuid4()))


@fault("IDEM-KEYS-TOLD-APART")
class KeysAreCut(IdempotencyKeys):
    """Keeps the first 64 characters of a key."""

    def parse(self, field, longest):
        return super().parse(field, longest)[:64]


@fault("IDEM-KEYS-TOLD-APART")
class KeysInSmallLetters(IdempotencyKeys):
    """Compares keys without regard to case, as the database does."""

    def parse(self, field, longest):
        return super().parse(field, longest).lower()


@fault("IDEM-REJECTED-NOT-STORED")
class RulesAreAskedUnderTheKey(Gateway):
    """The key is taken before the rules are asked, and stays in progress where one of them refuses."""

    def validate(self, call):
        try:
            super().validate(call)
        except RefusalError as refusal:
            keys, given = self.parts.keys, self.parts.keys.given(call.request, call.operation)
            if given and FORBIDDEN in refusal.detail:
                keys.claim(keys.storage_key(call, given), keys.fingerprint(call), keys.retention(call.operation))
            raise


@fault("IDEM-REJECTED-NOT-STORED")
class RefusalIsRemembered(Gateway):
    """What was refused for its form is refused again under the same key, whatever it is then."""

    def __init__(self, *parts):
        super().__init__(*parts)
        self.refusals = {}

    def validate(self, call):
        slot = (call.caller, call.request.environ.get(HEADER, uuid.uuid4()))
        if slot in self.refusals:
            raise self.refusals[slot]
        try:
            super().validate(call)
        except RefusalError as refusal:
            self.refusals[slot] = refusal
            raise


@fault("IDEM-REJECTED-NOT-STORED")
class RefusalTakesTheKey(Gateway):
    """The key is taken before the scopes are looked at, and not given back."""

    def authorise(self, call):
        try:
            super().authorise(call)
        except RefusalError:
            keys = self.parts.keys
            given = keys.given(call.request, call.operation)
            if given:
                keys.claim(keys.storage_key(call, given), keys.fingerprint(call), keys.retention(call.operation))
            raise


@fault("IDEM-SAFE-METHODS-IGNORE")
class ReadingsAreKept(Gateway):
    """Whatever comes with a key is answered as it was the first time, also where it only reads."""

    def __init__(self, *parts):
        super().__init__(*parts)
        self.answers = {}

    def handle(self, call, view):
        slot = (call.request.path, call.request.environ.get(HEADER))
        if call.request.method != "GET" or slot[1] is None:
            return super().handle(call, view)
        if slot not in self.answers:
            self.answers[slot] = copied(super().handle(call, view))
        return copied(self.answers[slot])


def copied(response: Response) -> Response:
    return Response(response.get_data(), response.status_code, dict(response.headers))


@fault("IDEM-KEYS-TOLD-APART")
class QuotesCount(IdempotencyKeys):
    """The longest key is measured with its quotes."""

    def parse(self, field, longest):
        if len(field) > longest:
            raise self.malformed(longest)
        return super().parse(field, longest)


@fault("IDEM-KEYS-TOLD-APART")
class KeysAreTrimmed(IdempotencyKeys):
    """White space at the ends of a quoted key is taken off."""

    def parse(self, field, longest):
        return super().parse(field, longest).strip()


@fault("IDEM-SCOPED-TO-PRINCIPAL")
class KeysKnowNoIssuer(IdempotencyKeys):
    """A key belongs to a subject, whoever vouches for it."""

    def scope(self, call):
        return (call.principal.subject, *super().scope(call)[1:])
