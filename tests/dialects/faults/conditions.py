"""Entity tags, idempotency keys and cursors do not do what they are for."""

from __future__ import annotations

from dialects.faults import fault
from dialects.server.answers import Answers
from dialects.server.lists import Lists
from dialects.server.messages import RefusedError
from dialects.server.preconditions import Preconditions
from dialects.server.replays import Replays


@fault("COND-ETAG-PRESENT-AND-CHANGES", tags=("offered", "demanded", "weak"))
class TagsAlike(Answers):
    """The entity tag is the same in every state."""

    def tag(self, thing):
        del thing
        return '"1"'


@fault("COND-IF-MATCH-412", tags=("offered", "demanded"))
class IgnoresIfMatch(Preconditions):
    """A change is made whatever state it was asked for in."""

    def fits(self, given, tag):
        del given, tag
        return True


@fault("IDEM-REPLAY-SAME-RESPONSE", replay=(True,))
class ForgetsKeys(Replays):
    """A repeated request is carried out again."""

    def once(self, request, operation, caller, act):
        del request, operation, caller
        return act()


@fault("IDEM-SCOPED-TO-PRINCIPAL", replay=(True,))
class SharesKeys(Replays):
    """A key is remembered without whose it is."""

    def place(self, key, caller, operation):
        del caller
        return operation.name, key


@fault("IDEM-MISMATCH-422", replay=(True,))
class ComparesNoBodies(Replays):
    """A key brings back the first answer, whatever body it comes with."""

    def once(self, request, operation, caller, act):
        key = (caller.name, operation.name, request.header("Idempotency-Key"))
        if key in self.kept and key[2]:
            return self.kept[key][1]
        return super().once(request, operation, caller, act)


@fault("PAGE-COMPLETE-NO-DUPLICATES", pages=("cursor",), links=(True,))
class SkipsItems(Lists):
    """The item behind the end of a page is on no page."""

    def cursor(self, last, caller):
        following = type(last)(id="", owner=last.owner, values={}, number=last.number + 1)
        return super().cursor(following, caller)


@fault("PAGE-LIMIT-BOUNDS", pages=("cursor",), links=(True,))
class IgnoresLimit(Lists):
    """A page holds more than was asked for."""

    def whole(self, request, name, usual, least, most):
        return super().whole(request, name, usual, least, most) + (1 if name == "limit" else 0)


@fault("PAGE-CURSOR-OPAQUE-VALIDATED", pages=("cursor",), links=(True,))
class TakesAnyCursor(Lists):
    """A cursor that was never handed out leads to the beginning."""

    def position(self, cursor, caller):
        try:
            return super().position(cursor, caller)
        except RefusedError:
            return 0
