"""A job with its batch: what has come of each item, as results, lists and deliveries show it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from conformance.jobs.job import at

if TYPE_CHECKING:
    from conformance.contract.asyncapi import Event
    from conformance.http.messages import Reply
    from conformance.jobs.batches import Batch
    from conformance.jobs.job import Job, Jobs
    from conformance.servers.webhook_receiver import Delivery
    from conformance.webhooks.deliveries import Deliveries
    from conformance.webhooks.subscriptions import Registration, Subscriber


@dataclass(frozen=True, kw_only=True, eq=False)
class JobProgress:
    """The way of a job from its beginning; a batch without markers where the job has no items."""

    jobs: Jobs
    subscriber: Subscriber
    job: Job
    batch: Batch

    @cached_property
    def polls(self) -> list[Reply]:
        """What was seen of the job: the answer that began it, if it shows the state, and each look up to the last."""
        begun = [self.job.initial_reply] if self.job.state(self.job.initial_reply) is not None else []
        return [*begun, *self.job.poll()]

    @property
    def ranks(self) -> list[int]:
        return [self.job.rank(look) for look in self.polls]

    @property
    def progress(self) -> list[Any]:
        return [at(look.json, self.job.rules.progress) for look in self.polls]

    @property
    def without_retry_after(self) -> list[Reply]:
        """The answers that show the job pending, and do not say when to ask again although the contract has a field."""
        pending = [self.job.initial_reply, *(look for look in self.polls if self.job.pending(look))]
        return [look for look in pending if self._declares_pause(look) and not has_retry_after(look)]

    def _declares_pause(self, look: Reply) -> bool:
        answer = self.subscriber.contract.operation(look.request.operation).answer(look.status)
        return answer is not None and "retry-after" in answer.headers

    @cached_property
    def results(self) -> list[Any]:
        """What the job shows for the items at its end."""
        return self.job.results(self.job.wait_for_end())

    @property
    def succeeded(self) -> list[bool]:
        """For each result whether it says that the item was done."""
        rules, job = self.job.rules, self.job
        if rules.made:
            return [job.created(result) is not None for result in self.results]
        return [job.problem(result) is None for result in self.results]

    @property
    def failures_without_problem(self) -> list[Any]:
        """The results of refused items that give no reason."""
        pairs = zip(self.results, self.batch.good, strict=False)
        return [result for result, good in pairs if not good and not self.job.problem(result)]

    @property
    def effect_counts(self) -> list[int]:
        """How many things bear the marker of each item, once the job has ended."""
        self.job.wait_for_end()
        things = self.jobs.items_of_account(self.job.account, self.batch.request)
        return [sum(marker in thing for thing in things) for marker in self.batch.markers]

    @property
    def wrongly_named_objects(self) -> list[Any]:
        """The results that name a thing which does not bear the marker of the item."""
        made = [self.job.created(result) for result in self.results]
        things = self.jobs.items_of_account(self.job.account, self.batch.request)
        pairs = zip(made, self.batch.markers, strict=False)
        named = [(name, marker) for name, marker in pairs if name is not None]
        return [name for name, marker in named if not any(str(name) in each and marker in each for each in things)]

    def event_counts(self, hook: Registration, events: list[Event], deliveries: Deliveries) -> list[int]:
        """How many different events about each item had arrived when a later one arrived."""
        self.job.wait_for_end()
        hook.endpoint.wait(self._about_items(events), within=deliveries.bound, count=sum(self.batch.good))
        told = [each for each in deliveries.before_fence(hook) if self._about_items(events)(each)]
        return [len({self._id(each) for each in told if marker.encode() in each.body}) for marker in self.batch.markers]

    def _about_items(self, events: list[Event]) -> Any:
        validators = [self.subscriber.validator(event) for event in events]

        def about(delivery: Delivery) -> bool:
            named = any(marker.encode() in delivery.body for marker in self.batch.markers)
            return named and any(validator.is_valid(delivery.payload) for validator in validators)

        return about

    def end_event_ids(self, hook: Registration, event: Event, deliveries: Deliveries) -> set[str]:
        """The different ids under which the end of the job was told before a later event was."""
        occurrence = self.subscriber.occurrence(self.batch.request, self.job.initial_reply, event)
        deliveries.wait_for(hook, occurrence)
        return {self._id(each) for each in deliveries.before_fence(hook) if occurrence.in_delivery(each)}

    def _id(self, delivery: Delivery) -> str:
        return self.subscriber.signatures.id(delivery) or str(delivery.payload)


def has_retry_after(look: Reply) -> bool:
    """Retry-After holds seconds or a date (RFC 9110, section 10.2.3)."""
    said = look.header("Retry-After")
    if re.fullmatch(r"[0-9]+", said):
        return True
    try:
        return bool(parsedate_to_datetime(said))
    except ValueError:
        return False
