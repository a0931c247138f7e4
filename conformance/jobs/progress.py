"""A job with its batch: what became of each item, as results, lists and deliveries show it."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from conformance.effects.channels import nested_objects
from conformance.errors import InapplicableError
from conformance.http.polling import retry_after
from conformance.jobs.job import at
from conformance.observations.told_values import differing_values

if TYPE_CHECKING:
    from conformance.contract.messages import Event
    from conformance.http.messages import Reply
    from conformance.jobs.batches import Batch
    from conformance.jobs.job import Job, Jobs
    from conformance.servers.webhook_receiver import Delivery
    from conformance.webhooks.deliveries import Deliveries
    from conformance.webhooks.subscriptions import Registration, Subscriber


@dataclass(frozen=True, kw_only=True, eq=False)
class JobProgress:
    """A started job and the batch of its items; the batch has no markers if the job has no items."""

    jobs: Jobs
    subscriber: Subscriber
    job: Job
    batch: Batch

    @cached_property
    def polls(self) -> list[Reply]:
        """The replies that show the state: the one that started the job, if it does, and those to status requests."""
        begun = [self.job.initial_reply] if self.job.state(self.job.initial_reply) is not None else []
        return [*begun, *self.job.poll()]

    @property
    def ranks(self) -> list[int]:
        return [self.job.rank(poll) for poll in self.polls]

    @property
    def progress(self) -> list[Any]:
        return [at(poll.json, self.job.rules.progress) for poll in self.polls]

    @property
    def without_retry_after(self) -> list[Reply]:
        """The replies that show the job pending without the Retry-After that the contract declares for them."""
        pending = [self.job.initial_reply, *(poll for poll in self.polls if self.job.pending(poll))]
        return [poll for poll in pending if self._declares_pause(poll) and not has_retry_after(poll)]

    def _declares_pause(self, poll: Reply) -> bool:
        answer = self.subscriber.contract.operation(poll.request.operation).answer(poll.status)
        return answer is not None and "retry-after" in answer.headers

    @cached_property
    def results(self) -> list[Any]:
        """The results of the items in the terminal state."""
        return self.job.results(self.job.wait_for_end())

    @property
    def succeeded(self) -> list[bool]:
        """For each result, whether it says that the item succeeded."""
        rules, job = self.job.rules, self.job
        if rules.made:
            return [job.created(result) is not None for result in self.results]
        return [job.problem(result) is None for result in self.results]

    @property
    def failures_without_problem(self) -> list[Any]:
        """The results of invalid items that hold no problem."""
        pairs = zip(self.results, self.batch.good, strict=False)
        return [result for result, good in pairs if not good and not self.job.problem(result)]

    @property
    def effect_counts(self) -> list[int]:
        """The number of objects with the marker of each item, once the job has ended."""
        self.job.wait_for_end()
        things = self.jobs.items_of_account(self.job.account, self.batch.request)
        return [sum(marker in thing for thing in things) for marker in self.batch.markers]

    @property
    def wrongly_named_objects(self) -> list[Any]:
        """The ids in results that belong to no object with the marker of the item."""
        made = [self.job.created(result) for result in self.results]
        things = self.jobs.items_of_account(self.job.account, self.batch.request)
        pairs = zip(made, self.batch.markers, strict=False)
        named = [(name, marker) for name, marker in pairs if name is not None]
        return [name for name, marker in named if not any(str(name) in each and marker in each for each in things)]

    def event_counts(self, hook: Registration, events: list[Event], deliveries: Deliveries) -> list[int]:
        """The number of different events about each item that had arrived when a later event (the fence) arrived."""
        self.job.wait_for_end()
        hook.endpoint.wait(self._about_items(events), within=deliveries.bound, count=sum(self.batch.good))
        received = [each for each in deliveries.before_fence(hook) if self._about_items(events)(each)]
        return [
            len({self._id(each) for each in received if marker.encode() in each.body}) for marker in self.batch.markers
        ]

    def _about_items(self, events: list[Event]) -> Any:
        validators = [self.subscriber.validator(event) for event in events]

        def about(delivery: Delivery) -> bool:
            named = any(marker.encode() in delivery.body for marker in self.batch.markers)
            return named and any(validator.is_valid(delivery.payload) for validator in validators)

        return about

    def end_event_ids(self, hook: Registration, event: Event, deliveries: Deliveries) -> set[str]:
        """The ids of the events of the job's end that had arrived when a later event (the fence) arrived."""
        occurrence = self.subscriber.occurrence(self.batch.request, self.job.initial_reply, event)
        deliveries.received(hook, occurrence)
        return {self._id(each) for each in deliveries.before_fence(hook) if occurrence.in_delivery(each)}

    def contradictions_of_end(self, hook: Registration, event: Event, deliveries: Deliveries) -> list[str]:
        """Where the event of the job's end shows another value than is read. InapplicableError if it shows no job."""
        occurrence = self.subscriber.occurrence(self.batch.request, self.job.initial_reply, event)
        delivery, read = deliveries.wait_for(hook, occurrence), self.job.wait_for_end().json
        identifier = self.job.status_request.parameters[-1][1]
        shown = [part for part in nested_objects(delivery.payload) if identifier in part.values()]
        told = [part for part in shown if isinstance(read, dict) and set(part) <= set(read)]
        if not told:
            raise InapplicableError(f"{event.name} does not show the job as it is read")
        return [difference for part in told for difference in differing_values(read, part, part)]

    def _id(self, delivery: Delivery) -> str:
        return self.subscriber.signatures.id(delivery) or str(delivery.payload)


def has_retry_after(poll: Reply) -> bool:
    """Whether Retry-After holds seconds or a date (RFC 9110 §10.2.3)."""
    field = poll.header("Retry-After")
    if retry_after(field) is not None:
        return True
    try:
        return bool(parsedate_to_datetime(field))
    except ValueError:
        return False
