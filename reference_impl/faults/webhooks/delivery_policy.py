"""Ways to press receivers, to go on calling them, or to leave them alone for ever."""

from __future__ import annotations

import json
from dataclasses import replace
from http import HTTPStatus

from sqlalchemy import select

from reference_impl.events.dispatcher import Attempts, Retries
from reference_impl.faults import fault
from reference_impl.storage.tables import EVENTS
from reference_impl.storage.webhooks import Webhooks
from reference_impl.views.representations import WebhookRepresentation
from reference_impl.views.webhooks import WebhookViews


@fault("WHD-RETRY-AFTER-HONOURED")
class HearsNoRequestForAPause(Retries):
    """Keeps to the schedule, whatever the receiver asks for."""

    def asked_for(self, answer):
        return 0


@fault("WHD-RETRY-AFTER-HONOURED")
class ReadsNumbersOnly(Retries):
    """Knows Retry-After in seconds and passes over a date."""

    def until(self, date):
        return 0


@fault("WHD-RETRY-AFTER-HONOURED")
class GivesUpAtADate(Retries):
    """Fails at a date, which is no number, and drops the delivery."""

    def due_at(self, attempts, answer):
        try:
            int(answer.retry_after or 0)
        except ValueError:
            return None
        return super().due_at(attempts, answer)


@fault("WHD-RETRY-AFTER-HONOURED")
class PausesForEver(Retries):
    """Waits as long as a receiver asks for, be it a year."""

    def __init__(self, schedule, cap, clock):
        super().__init__(schedule, cap * 10**6, clock)


@fault("WHD-RETRY-AFTER-HONOURED")
class PausesForTooManyOnly(Retries):
    """Honours Retry-After of a 429, and not of a 503."""

    def asked_for(self, answer):
        return super().asked_for(answer) if answer.status == 429 else 0


@fault("WHD-410-DISABLES")
class RetriesWhatIsGone(Attempts):
    """Takes 410 for a failure like any other."""

    def gone(self, status):
        return False


@fault("WHD-410-DISABLES")
class ForgetsWhatIsGone(Attempts):
    """Gives up the delivery that was answered 410, and calls again for the next event."""

    def stop(self, delivery, webhook, reason):
        if reason == "gone":
            self.deliveries.give_up(delivery)
        else:
            super().stop(delivery, webhook, reason)


@fault("WHD-EXHAUSTED-DISABLES")
class NeverTiresOfFailures(Attempts):
    """Gives up the delivery when the schedule is through, and begins with the next event from the start."""

    def stop(self, delivery, webhook, reason):
        if reason == "exhausted":
            self.deliveries.give_up(delivery)
        else:
            super().stop(delivery, webhook, reason)


@fault("WHD-DISABLED-SHOWS-WHY")
class DisablesWithoutAWord(Webhooks):
    """Disables a receiver as if its owner had."""

    def disable(self, webhook, reason):
        super().disable(webhook, None)


@fault("WHD-DISABLED-SHOWS-WHY")
class KeepsTheReasonToItself(WebhookRepresentation):
    """Stores the reason and shows it to nobody."""

    def document(self, webhook):
        return {**super().document(webhook), "disabled_reason": None}


@fault("WHD-DISABLED-SHOWS-WHY")
class ReasonStays(WebhookViews):
    """Shows a reason for being disabled on a receiver that is enabled again."""

    def resumed(self, changes):
        return changes


@fault("WHD-ENABLED-AGAIN")
class DisabledForGood(WebhookViews):
    """Accepts that a receiver is to be enabled again, and leaves it as it is."""

    def resumed(self, changes):
        return {**super().resumed(changes), "enabled": False} if "enabled" in changes else changes


@fault("WHD-ENABLED-AGAIN")
class CountsOldFailures(Attempts):
    """Holds against an enabled receiver what it was disabled for, until the process ends."""

    def stop(self, delivery, webhook, reason):
        vars(self).setdefault("blamed", set()).add(webhook.id)
        super().stop(delivery, webhook, reason)

    def receiver(self, delivery):
        return None if delivery.webhook_id in vars(self).get("blamed", ()) else super().receiver(delivery)


@fault("WHD-RETRY-FOLLOWS")
class RetriesKeepTheAddress(Attempts):
    """The address is written down with the first attempt of a delivery, and never looked up again."""

    def answer(self, delivery, webhook):
        first = vars(self).setdefault("first", {}).setdefault(delivery.id, webhook.url)
        return super().answer(delivery, replace(webhook, url=first))


@fault("WHD-PAUSE-DROPS")
class CatchesUp(WebhookViews):
    """Whoever enables a receiver has everything sent that it missed."""

    def update(self, call):
        response, paused = super().update(call), call.subject
        if call.body.get("enabled") and not paused.enabled:
            outbox = self.tools.outbox
            known = outbox.database.rows(select(EVENTS).where(EVENTS.c.owner == paused.owner))
            missed = [each["id"] for each in known if json.loads(each["body"])["time"] > paused.updated_at]
            for event_id in missed:
                outbox.deliveries.add(event_id, [paused.id])
            outbox.wake.set()
        return response


@fault("WHD-RETRY-AFTER-HONOURED")
class TooLongAPauseIsNone(Retries):
    """Whoever asks for more than there may be gets nothing."""

    def asked_for(self, answer):
        asked = answer.retry_after or ""
        return 0 if asked.isdigit() and int(asked) > self.cap else super().asked_for(answer)


@fault("WHD-PAUSE-DROPS")
class RetriesOutliveAPause(Attempts):
    """What cannot be sent now is put off until it can."""

    def attempt(self, delivery):
        webhook = self.subscriptions.webhooks.find(delivery.webhook_id)
        if webhook and not webhook.enabled and webhook.disabled_reason is None:
            self.deliveries.postpone(delivery, self.retries.clock.seconds() + 0.2)
        else:
            super().attempt(delivery)


@fault("WHD-ENABLED-AGAIN")
class OnceExhaustedSoonExhausted(Attempts):
    """The count of failures that has disabled a receiver is not set back."""

    def __init__(self, *parts):
        super().__init__(*parts)
        self.stopped = set()

    def stop(self, delivery, webhook, reason):
        self.stopped.add(webhook.id)
        super().stop(delivery, webhook, reason)

    def retry(self, delivery, webhook, answer):
        if webhook.id in self.stopped:
            self.stop(delivery, webhook, "exhausted")
        else:
            super().retry(delivery, webhook, answer)


@fault("WHD-410-DISABLES")
class GoneIsSaidAtOnce(Attempts):
    """410 counts as the answer to a first attempt; later it is a failure like others."""

    def conclude(self, delivery, webhook, answer):
        later = delivery.attempts > 0 and answer.status == HTTPStatus.GONE
        super().conclude(delivery, webhook, replace(answer, status=500) if later else answer)


@fault("WHD-410-DISABLES")
class PingsAreOnlyPings(Attempts):
    """Whatever is answered to a ping has no consequence."""

    def conclude(self, delivery, webhook, answer):
        pinged = b"webhook.ping" in delivery.body and answer.status == HTTPStatus.GONE
        super().conclude(delivery, webhook, replace(answer, status=200) if pinged else answer)
