"""Ways to tell something else of deliveries than happened, and to send something else again."""

from __future__ import annotations

import json
import socket
from dataclasses import replace

from sqlalchemy import delete, select

from reference_impl.events.dispatcher import Attempts
from reference_impl.events.receivers import ForbiddenReceiverError, ReceiverPolicy
from reference_impl.events.sender import Sender
from reference_impl.events.signer import Signer
from reference_impl.faults import fault
from reference_impl.storage.deliveries import Deliveries
from reference_impl.storage.history import History
from reference_impl.storage.tables import ATTEMPTS, EVENTS
from reference_impl.views.deliveries import DeliveryViews
from reference_impl.views.representations import DeliveryRepresentation


@fault("WHD-LOG-ACCURATE")
class OnlyTheLastAttempt(History):
    """Keeps no more than the last attempt."""

    def record(self, delivery_id, attempt):
        self.database.change(delete(ATTEMPTS).where(ATTEMPTS.c.delivery_id == delivery_id))
        super().record(delivery_id, attempt)


@fault("WHD-LOG-ACCURATE")
class SuccessForAReset(History):
    """Shows 200 for a connection that broke off."""

    def record(self, delivery_id, attempt):
        broken = attempt.failure == "connection"
        super().record(delivery_id, replace(attempt, status=200, failure=None) if broken else attempt)


@fault("WHD-LOG-ACCURATE")
class FailuresAreNotKept(History):
    """Keeps attempts that were answered, and forgets the others."""

    def record(self, delivery_id, attempt):
        if attempt.status is not None:
            super().record(delivery_id, attempt)


@fault("WHD-LOG-ACCURATE")
class FailsWithoutAReason(History):
    """Shows that there was no answer, and not why."""

    def record(self, delivery_id, attempt):
        super().record(delivery_id, replace(attempt, failure=None))


@fault("WHD-LOG-ACCURATE")
class EverythingIsDelivered(Deliveries):
    """Shows a delivery as delivered when it is over, however it ended."""

    def give_up(self, delivery):
        self.finish(delivery)


@fault("WHD-LOG-ACCURATE")
class TimeOfTheDelivery(DeliveryRepresentation):
    """Shows the time of the event for that of every attempt."""

    def document(self, sending):
        attempts = tuple(replace(each, at=sending.created_at) for each in sending.attempts)
        return super().document(replace(sending, attempts=attempts))


@fault("WHD-REDELIVER")
class NewIdForOldNews(Attempts):
    """Sends an event again under a new id."""

    def answer(self, delivery, webhook):
        counted = f"{delivery.event_id[:-1]}{delivery.round}"
        return super().answer(replace(delivery, event_id=counted) if delivery.round else delivery, webhook)


@fault("WHD-REDELIVER")
class NewsForOldNews(Attempts):
    """Makes the body of a redelivery from what the thing is like by now."""

    def body(self, delivery):
        if not delivery.round:
            return super().body(delivery)
        bodies = self.deliveries.database.rows(select(EVENTS.c.body).order_by(EVENTS.c.position.desc()))
        sent, latest = json.loads(delivery.body), (json.loads(row["body"]) for row in bodies)
        newest = next(each for each in latest if each["source"] == sent["source"])
        return json.dumps({**sent, "data": newest["data"]}, ensure_ascii=False).encode()


@fault("WHD-REDELIVER")
class RedeliversFailuresOnly(DeliveryViews):
    """Accepts to send again what was delivered already, and does not do it."""

    def send_again(self, delivery):
        if delivery.state != "delivered":
            super().send_again(delivery)


@fault("WHD-REDELIVER")
class ForgetsWhatItGaveUp(DeliveryViews):
    """Sends again what was delivered, and not what was given up."""

    def send_again(self, delivery):
        if delivery.state == "delivered":
            super().send_again(delivery)


@fault("WHD-REDELIVER")
class RedeliversNothing(DeliveryViews):
    """Accepts to send again what there never was."""

    def redeliver(self, call):
        known = self.history.find(call.subject.id, call.path["deliveryId"])
        return super().redeliver(call) if known else self.tools.answers.json({}, 202)


@fault("WHS-REDELIVERY-CURRENT-KEY")
class StoredHeaders(Attempts):
    """Sends again, with the stored body, the stored header fields of the former attempt."""

    def answer(self, delivery, webhook):
        stored, body = vars(self).setdefault("stored", {}), self.body(delivery)
        if not delivery.round:
            stored[delivery.id] = self.signer.headers(webhook, delivery.event_id, body)
        return self.sender.send(webhook.url, stored[delivery.id], body)


@fault("WHS-REDELIVERY-CURRENT-KEY")
class KeyOfThatTime(Signer):
    """Signs with the secret that the receiver had when the event happened."""

    def headers(self, webhook, event_id, body):
        first = vars(self).setdefault("first", {}).setdefault((webhook.id, event_id), webhook)
        return super().headers(first, event_id, body)


@fault("WHR-NO-RESPONSE-DISCLOSURE")
class ShowsTheAnswer(Sender):
    """Keeps the whole body of the answer for debugging, and shows it."""

    def outcome(self, answer, headers, body):
        text = answer.read(2**24).decode(errors="replace")
        return replace(super().outcome(answer, headers, body), failure=text or None)


@fault("WHR-NO-RESPONSE-DISCLOSURE")
class ShowsTheFields(Sender):
    """Shows the header fields that the receiver answered."""

    def outcome(self, answer, headers, body):
        own = [f"{name}: {value}" for name, value in answer.headers.items() if name.startswith("X-")]
        return replace(super().outcome(answer, headers, body), failure=", ".join(own) or None)


@fault("WHR-NO-RESPONSE-DISCLOSURE")
class TellsWhatListens(ReceiverPolicy):
    """Tries an address before it is judged, and tells whether anybody is there."""

    def check(self, url):
        receiver = self.parse(url)
        try:
            socket.create_connection((receiver.host, receiver.port), 1).close()
        except OSError:
            raise ForbiddenReceiverError("cannot be reached") from None
        super().check(url)


@fault("WHD-REDELIVER")
class ASecondTimeIsTheLast(Attempts):
    """Whoever asks for a redelivery is there to ask again."""

    def retry(self, delivery, webhook, answer):
        if delivery.round:
            self.deliveries.give_up(delivery)
        else:
            super().retry(delivery, webhook, answer)


@fault("WHD-REDELIVER")
class DeletionsAreNotSentAgain(DeliveryViews):
    """What an event was about is looked for before it is sent again, and what is not found is not sent."""

    def send_again(self, delivery):
        if delivery.event_type != "link.deleted":
            super().send_again(delivery)


@fault("WHD-LOG-ACCURATE")
class AsManyAttemptsAsDeliveries(History):
    """A page reads one attempt for each of its deliveries, the oldest first."""

    def attempts(self, delivery_ids):
        return super().attempts(delivery_ids)[: len(list(delivery_ids))]


@fault("WHD-REDELIVER")
class RedeliveriesGoOnCounting(Attempts):
    """A delivery that is sent again has as many attempts as it has not made before."""

    def retry(self, delivery, webhook, answer):
        made = len(self.history.attempts([delivery.id]))
        super().retry(replace(delivery, attempts=max(delivery.attempts, made - 1)), webhook, answer)
