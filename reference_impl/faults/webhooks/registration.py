"""Ways to get the registration of receivers wrong."""

from __future__ import annotations

import json
import threading
from collections import Counter
from dataclasses import replace

from flask import request

from reference_impl.domain.refusals import RefusalError
from reference_impl.events.dispatcher import Attempts
from reference_impl.events.outbox import Outbox, Subscriptions
from reference_impl.events.receivers import ForbiddenReceiverError, ReceiverPolicy
from reference_impl.events.signer import Signer
from reference_impl.faults import fault
from reference_impl.gateway.receivers import ReceiverRules
from reference_impl.gateway.validation import RequestValidation
from reference_impl.storage.webhooks import Webhooks
from reference_impl.views.representations import WebhookRepresentation


@fault("WHR-CREATE")
class StoresEveryEvent(Webhooks):
    """Registers a receiver for everything, whatever it asked for."""

    def add(self, owner, new):
        every = ["link.created", "link.updated", "link.deleted", "link.clicked"]
        return super().add(owner, {**new, "events": every})


@fault("WHR-CREATE")
class StoresNoQuery(Webhooks):
    """Cuts the query off the URL."""

    def add(self, owner, new):
        return super().add(owner, {**new, "url": new["url"].partition("?")[0]})


@fault("WHR-SECRET-SHOWN-ONCE")
class ShowsTheSecretAlways(WebhookRepresentation):
    """Shows a receiver with everything that is known of it."""

    def document(self, webhook):
        return super().document(webhook) | {"secret": webhook.secret}


@fault("WHR-SECRET-SHOWN-ONCE")
class ListsSecrets(WebhookRepresentation):
    """Shows the secrets in the list."""

    def page(self, webhooks):
        return [self.with_secret(webhook) for webhook in webhooks]


@fault("WHR-URL-FORM")
class LooksAtThePrefix(ReceiverPolicy):
    """Looks at the beginning of the URL and at nothing else."""

    def check(self, url):
        if not url.startswith(("http://", "https://")):
            raise ForbiddenReceiverError("is not an http or https URL")


@fault("WHR-URL-FORM")
class AcceptsUserInformation(ReceiverPolicy):
    """Accepts a user name and a password in the URL, which then stand in every log."""

    def refuse_userinfo(self, authority):
        """Nothing is refused."""


@fault("WHR-EVENT-TYPES-CHECKED")
class StoresAnyEventName(RequestValidation):
    """Passes over whatever is wrong with the list of events."""

    def body(self, call):
        try:
            super().body(call)
        except RefusalError as refusal:
            if not all(offence.pointer.startswith("/events") for offence in refusal.offences):
                raise


@fault("WHR-UPDATE-REVALIDATES")
class ChangesUnseen(ReceiverRules):
    """Looks at the address when a receiver is made, and not when it is changed."""

    def pointer(self, operation):
        return super().pointer(operation) if "x-subscription" in operation.description else None


@fault("WHR-UPDATE-REVALIDATES")
class ChangesKnowLoopbackAlone(ReceiverRules):
    """A change has a rule of its own, which somebody wrote when there was but one forbidden address."""

    def check(self, call):
        url = str((call.body or {}).get("url", ""))
        if "x-subscription" in call.operation.description or "//127." in url or "localhost" in url or "/10" not in url:
            super().check(call)


@fault("WHR-UPDATE-REVALIDATES")
class RemembersTheUrl(Attempts):
    """Keeps the URL of a receiver in memory from the first delivery on."""

    def answer(self, delivery, webhook):
        known = vars(self).setdefault("known", {})
        return super().answer(delivery, replace(webhook, url=known.setdefault(webhook.id, webhook.url)))


@fault("WHR-UPDATE-REVALIDATES")
class RemembersTheEvents(Subscriptions):
    """Keeps in memory what a receiver asked for when it was first told of something."""

    def wants(self, webhook, kind):
        return kind in vars(self).setdefault("known", {}).setdefault(webhook.id, webhook.events)


@fault("WHR-DISABLE-DELETE-STOPS")
class NeverLooksAtTheFlag(Subscriptions):
    """Stores that a receiver is disabled, and goes on."""

    def is_active(self, webhook):
        return True


@fault("WHR-DISABLE-DELETE-STOPS")
class LooksAtTheFlagOnce(Subscriptions):
    """Looks at the flag when an event is published, and not when it is tried again."""

    def current(self, webhook_id):
        return self.webhooks.find(webhook_id)


@fault("WHR-DISABLE-DELETE-STOPS")
class RepeatsInALoop(Attempts):
    """Repeats within one attempt, where neither disabling nor deleting is seen."""

    def answer(self, delivery, webhook):
        for delay in (0, *self.retries.schedule):
            threading.Event().wait(delay)
            answer = super().answer(delivery, webhook)
            if self.succeeded(answer.status):
                return answer
        return replace(answer, status=200)


@fault("WHR-PING")
class UnsignedPing(Signer):
    """Does not sign what is only a test."""

    def headers(self, webhook, event_id, body):
        headers = super().headers(webhook, event_id, body)
        if json.loads(body)["type"] == "webhook.ping":
            headers.pop("webhook-signature")
        return headers


@fault("WHR-PING")
class PingsEverybody(Outbox):
    """Sends a ping to all receivers of the owner."""

    def addressees(self, webhook):
        return [each.id for each in self.subscriptions.candidates(webhook.owner)]


@fault("WHR-PING")
class FiltersPings(Outbox):
    """Sends a ping only to receivers that hear of new links, as that of a test once did."""

    def addressees(self, webhook):
        return [webhook.id] if "link.created" in webhook.events else []


@fault("WHR-ROTATE-SECRET")
class KeepsTheSecret(Webhooks):
    """Answers a rotation with the secret that there was."""

    def rotation(self, webhook):
        return {**super().rotation(webhook), "secret": webhook.secret}


@fault("WHR-ROTATE-SECRET")
class RotatesThemAll(Webhooks):
    """Rotates the secrets of all receivers of the owner."""

    def rotate(self, webhook):
        for each in self.all_of(webhook.owner):
            if each.id != webhook.id:
                super().rotate(each)
        return super().rotate(webhook)


@fault("WHR-QUOTA")
class Unbounded(Webhooks):
    """Registers as many receivers as anybody likes."""

    def full(self, owner):
        return False


@fault("WHR-QUOTA")
class CountsFromOne(Webhooks):
    """Registers one more than promised."""

    def __init__(self, database, clock, ids, secrets, overlap, maximum):
        super().__init__(database, clock, ids, secrets, overlap, maximum + 1)


@fault("WHR-QUOTA")
class FullIsForbidden(Webhooks):
    """Whoever has as many receivers as there may be is told that a role is missing."""

    def full(self, owner):
        if super().full(owner):
            raise RefusalError("insufficient-role", "There are too many receivers.")
        return False


@fault("WHR-QUOTA")
class OnePageIsTold(Subscriptions):
    """Those who are told are looked up as a list is shown: twenty at most."""

    def candidates(self, owner):
        return list(super().candidates(owner))[-20:]


@fault("WHR-QUOTA")
class TheLastOneIsTooMany(Webhooks):
    """Registers one less than promised."""

    def __init__(self, database, clock, ids, secrets, overlap, maximum):
        super().__init__(database, clock, ids, secrets, overlap, maximum - 1)


@fault("WHR-QUOTA")
class DisabledOnesDoNotCount(Webhooks):
    """Counts the receivers that are enabled."""

    def full(self, owner):
        return sum(webhook.enabled for webhook in self.all_of(owner)) >= self.maximum


@fault("WHR-DISABLE-DELETE-STOPS")
class OnlyAChangeDisables(Subscriptions):
    """Whether a receiver is enabled is looked at once somebody has changed it."""

    def is_active(self, webhook):
        return webhook.version == 1 or super().is_active(webhook)


@fault("WHR-QUOTA")
class EachUserHasTheMaximum(Webhooks):
    """Receivers are counted for each user of a tenant."""

    def __init__(self, *parts):
        super().__init__(*parts)
        self.made = Counter()

    def full(self, owner):
        self.made[request.headers.get("Authorization")] += 1
        return self.made[request.headers.get("Authorization")] > self.maximum


@fault("WHR-SECRET-SHOWN-ONCE", also=("REST-RESPONSE-CONFORMS-SCHEMA", "OBJ-SECRET-PROPERTIES-HIDDEN"))
class LaterPagesShowSecrets(WebhookRepresentation):
    """Pages behind the first one are made of whole rows."""

    def page(self, webhooks):
        return [self.with_secret(each) if "cursor" in request.args else self.document(each) for each in webhooks]


@fault("WHR-UPDATE-REVALIDATES")
class TheSecondPauseLasts(Webhooks):
    """A receiver that was switched off twice is no more among those that are told."""

    def update(self, webhook, changes, expected):
        self.__dict__.setdefault("pauses", Counter())[webhook.id] += changes.get("enabled") is False
        return super().update(webhook, changes, expected)

    def all_of(self, owner):
        pauses = self.__dict__.setdefault("pauses", Counter())
        return [each for each in super().all_of(owner) if pauses[each.id] < 2]


@fault("WHR-ROTATE-SECRET")
class RotationsChangeTheKeyPair(Webhooks):
    """A rotation makes all keys anew, and who verifies by the public one is left with the former."""

    def rotation(self, webhook):
        return {**super().rotation(webhook), "private_key": self.secrets.private_key()}
