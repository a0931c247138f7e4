"""Ways to get the attempts of a delivery wrong, and what is sent."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from reference_impl.events.dispatcher import Attempts, Dispatcher, Retries
from reference_impl.events.outbox import Envelopes
from reference_impl.events.receivers import ReceiverPolicy
from reference_impl.events.sender import Sender
from reference_impl.events.signer import Signer
from reference_impl.faults import fault
from reference_impl.storage.deliveries import Deliveries


@fault("WHD-POST-JSON-CONTRACT")
class DropsTheQuery(ReceiverPolicy):
    """Calls the path of the registered URL without its query."""

    def target(self, url, parts):
        return parts.path


@fault("WHD-POST-JSON-CONTRACT")
class NormalisesTheUrl(ReceiverPolicy):
    """Decodes the registered URL before it is called."""

    def target(self, url, parts):
        return super().target(url, parts).replace("%2F", "/")


@fault("WHD-POST-JSON-CONTRACT")
class PutsInsteadOfPosts(Sender):
    """Sends with PUT."""

    def method(self):
        return "PUT"


@fault("WHD-POST-JSON-CONTRACT")
class CallsTheTypeEvent(Envelopes):
    """Names the type of the event in another member than promised."""

    def envelope(self, kind, source, data):
        made = super().envelope(kind, source, data)
        return {"event": made.pop("type"), **made}


@fault("WHD-POST-JSON-CONTRACT")
class ShowsInternals(Envelopes):
    """Adds internal members to the data."""

    def envelope(self, kind, source, data):
        return super().envelope(kind, source, {**data, "shard": 7})


@fault("WHD-SUCCESS-IS-2XX")
class OnlyOkCounts(Attempts):
    """Takes no other status than 200 for a success."""

    def succeeded(self, status):
        return status == 200


@fault("WHD-SUCCESS-IS-2XX")
class AnyAnswerCounts(Attempts):
    """Takes every status below 500 for a success, since the receiver has answered."""

    def succeeded(self, status):
        return status is not None and status < 500


@fault("WHD-SUCCESS-IS-2XX")
class NotFoundCounts(Attempts):
    """Takes 404 for a delivery, as a repetition would not help."""

    def succeeded(self, status):
        return super().succeeded(status) or status == 404


@fault("WHD-RETRY-UNTIL-SUCCESS")
class TriesTwice(Retries):
    """Gives up when the second attempt fails, whatever the schedule says."""

    def delay(self, attempts):
        return super().delay(attempts) if attempts == 0 else None


@fault("WHD-RETRY-UNTIL-SUCCESS")
class GoesOnAfterSuccess(Deliveries):
    """Takes a delivery off the queue only if it succeeded at once; a retry runs through the whole schedule."""

    def finish(self, delivery):
        if delivery.attempts in {0, 3}:
            super().finish(delivery)
        else:
            self.postpone(delivery, self.clock.seconds() + 0.5)


@fault("WHD-RETRY-UNTIL-SUCCESS")
class TriesOnce(Retries):
    """Gives up when the first attempt fails."""

    def delay(self, attempts):
        return None


@fault("WHD-AT-LEAST-ONCE-DEDUP")
class IdOfTheThing(Signer):
    """Takes the id of the thing for that of the delivery, so that every change but the first looks like a duplicate."""

    def headers(self, webhook, event_id, body):
        return super().headers(webhook, "evt_" + json.loads(body)["source"][-20:], body)


@fault("WHD-AT-LEAST-ONCE-DEDUP")
class IdWithTheAttempt(Attempts):
    """Counts the attempts in the id, so that a repetition looks like another event."""

    def answer(self, delivery, webhook):
        counted = f"{delivery.event_id[:-1]}{delivery.attempts}"
        return super().answer(replace(delivery, event_id=counted), webhook)


@fault("WHD-ISOLATION-SLOW-ENDPOINT")
class OneAfterTheOther(Dispatcher):
    """Delivers in one thread, one after the other."""

    def dispatch(self):
        for delivery in self.deliveries.claim(self.threads):
            self.deliver(delivery)
        return 0.01


@fault("WHD-NO-ORDER-ASSUMPTION")
class NothingGrows(Envelopes):
    """Tells times in days, and no version."""

    def envelope(self, kind, source, data):
        made = super().envelope(kind, source, {**data, "version": 1, "updated_at": data.get("created_at")})
        return {**made, "time": f"{made['time'][:10]}T00:00:00.000Z"}


@fault("WHD-BACKOFF")
class TriesAgainAtOnce(Retries):
    """Repeats in a tight loop, as often as the schedule has entries."""

    def delay(self, attempts):
        return super().delay(attempts) and 0.02


@fault("WHD-TIMEOUT")
class WaitsForEver(Sender):
    """Has no timeout to speak of."""

    def __init__(self, policy, timeout):
        super().__init__(policy, timeout * 100)


@fault("WHD-TIMEOUT")
class SilenceIsConsent(Attempts):
    """Takes a call that nobody answered for a delivery."""

    def succeeded(self, status):
        return status is None or super().succeeded(status)


@fault("WHD-POST-JSON-CONTRACT")
class QueriesAreWrittenAnew(Sender):
    """The query of the address is parsed, and written as a form would be."""

    def send(self, url, headers, body):
        path, mark, query = url.partition("?")
        return super().send(path + mark + urlencode(parse_qsl(query)), headers, body)
