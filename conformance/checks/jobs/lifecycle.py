"""Asynchronous jobs: their acceptance, states, retries, end and events, and requests that need not wait."""

from conformance.judgement.expectation import each
from conformance.judgement.expectations import accepted, refusal, status, success
from conformance.marks import for_each_operation, given, requirement, variants
from conformance.selection.jobs import batch_job, beginning_job, job_with_location, reporting_progress
from conformance.selection.operations import both, creation, emitting, keyed
from conformance.servers.webhook_receiver import Answer

FAILING_ANSWERS = {"hanging": Answer(delay=60), "failing": Answer(status=500), "gone": Answer(status=410)}


@requirement("ASYNC-JOB-202")
@for_each_operation(beginning_job)
def test_a_job_is_accepted_and_can_be_read_at_once(owner, job_request, jobs):
    """A job is started: the answer is 202, and the next request reads the job in a declared state."""
    begun = owner.send(job_request)
    job = jobs.job_of(owner, begun)
    poll = job.read()

    assert begun == status(202)
    assert poll == success
    assert job.state(poll) in {*job.rules.pending, *job.rules.terminal}


@requirement("ASYNC-JOB-LOCATION")
@for_each_operation(job_with_location)
def test_the_location_leads_to_the_job(owner, new_job, follow_location):
    """A job has ended; the Location of the answer that started it shows the same as the job itself."""
    ended = new_job.wait_for_end()
    there = follow_location(owner, new_job.initial_reply)

    assert there == success
    assert there.json == ended.json


@requirement("ASYNC-JOB-TERMINAL")
@for_each_operation(beginning_job)
def test_a_job_ends(largest_job):
    """A job is polled until the bound; the last answer shows a terminal state."""
    last = largest_job.polls[-1]

    assert largest_job.job.state(last) in largest_job.job.rules.terminal


@requirement("ASYNC-JOB-TERMINAL")
@for_each_operation(batch_job)
@variants("kind", {"bad": "bad", "mixed": "mixed"})
def test_a_job_of_invalid_items_ends(running_job):
    """A job of invalid items, or of some, is polled until the bound; the last answer shows a terminal state."""
    last = running_job.polls[-1]

    assert running_job.job.state(last) in running_job.job.rules.terminal


@requirement("ASYNC-JOB-FINAL")
@for_each_operation(batch_job)
@variants("kind", {"good": "good", "bad": "bad"})
def test_an_ended_job_stays_ended(running_job, run_another_job):
    """A job ends, and another one after it; the first is then read three times in the state in which it ended."""
    ended = running_job.job.wait_for_end()
    run_another_job()
    again = [running_job.job.read() for _ in range(3)]

    assert [running_job.job.state(poll) for poll in again] == [running_job.job.state(ended)] * 3


@requirement("ASYNC-JOB-ORDER")
@for_each_operation(beginning_job)
def test_states_come_in_their_order(largest_job):
    """The largest job is polled to its end; each state is declared, and none comes before an earlier one."""
    ranks = largest_job.ranks

    assert min(ranks) >= 0
    assert ranks == sorted(ranks)


@requirement("ASYNC-JOB-PROGRESS")
@for_each_operation(reporting_progress)
def test_progress_does_not_fall(largest_job):
    """The largest job is polled to its end; its progress is a number that is never smaller than before."""
    progress = largest_job.progress

    assert [value for value in progress if not isinstance(value, (int, float))] == []
    assert progress == sorted(progress)


@requirement("ASYNC-JOB-RETRY-AFTER")
@for_each_operation(beginning_job)
def test_a_pending_job_says_when_to_ask_again(largest_job):
    """A job is polled to its end; each answer that shows it pending holds a Retry-After of seconds or a date."""
    without = largest_job.without_retry_after

    assert without == []


@requirement("ASYNC-JOB-IDEMPOTENT")
@for_each_operation(both(batch_job, keyed))
def test_a_repeat_while_it_goes_on_leads_to_the_same_job(owner, jobs, keyed_batch):
    """The request for a large job is sent three times with one key; each answer leads to the same job."""
    first, *again = [jobs.begin(owner, keyed_batch.request) for _ in range(3)]

    assert [job.status_request.path for job in again] == [first.status_request.path] * 2


@requirement("ASYNC-JOB-IDEMPOTENT")
@for_each_operation(both(batch_job, keyed))
def test_a_repeat_after_the_end_leads_to_the_same_job(owner, jobs, keyed_batch):
    """A job has ended, and its request comes again with its key; the answer leads to the same job."""
    first = jobs.begin(owner, keyed_batch.request)
    ended = first.wait_for_end()
    again = jobs.begin(owner, keyed_batch.request)

    assert again.status_request.path == first.status_request.path
    assert first.state(again.wait_for_end()) == first.state(ended)


@requirement("ASYNC-JOB-IDEMPOTENT")
@for_each_operation(both(batch_job, keyed))
def test_repeats_process_no_item_again(owner, jobs, keyed_job):
    """The request for a job is sent again three times with its key; when all has ended, each item has one effect."""
    repeats = [jobs.begin(owner, keyed_job.batch.request) for _ in range(3)]
    ends = [job.wait_for_end() for job in repeats]

    assert {job.status_request.path for job in repeats} == {poll.request.path for poll in ends}
    assert keyed_job.effect_counts == keyed_job.batch.expected


@requirement("ASYNC-JOB-EVENT-AFTER-END")
@for_each_operation(both(beginning_job, emitting))
def test_the_end_can_be_read_when_its_event_is_delivered(hook, largest_job, end_event, subscriber, deliveries):
    """The event of the largest job's end is delivered; the job is read thereupon, and shows its end."""
    occurrence = subscriber.occurrence(largest_job.batch.request, largest_job.job.initial_reply, end_event)
    deliveries.wait_for(hook, occurrence)
    poll = largest_job.job.read()

    assert largest_job.job.state(poll) in largest_job.job.rules.terminal


@requirement("ASYNC-JOB-EVENT-ONCE")
@for_each_operation(both(batch_job, emitting))
@variants("kind", {"mixed": "mixed", "bad": "bad"})
def test_the_end_has_one_event(hook, running_job, end_event, deliveries):
    """A job of several items, or of invalid ones, ends; before the fence, all deliveries of its end have one id."""
    ids = running_job.end_event_ids(hook, end_event, deliveries)

    assert len(ids) == 1


@requirement("ASYNC-JOB-SIZE")
@for_each_operation(batch_job)
@variants("kind", {"too few": "too_few", "too many": "too_many"})
def test_too_few_or_too_many_items_are_refused(owner, jobs, full_batch, batch):
    """As many items as may be are taken; one less than the fewest, or one more than the most, are refused."""
    jobs.begin(owner, full_batch.request)
    reply = owner.send(batch.request)

    assert reply == refusal(jobs.contract.operation(batch.request.operation), 400, 413, 422)


@requirement("ASYNC-JOB-SIZE")
@for_each_operation(batch_job)
def test_as_many_items_as_may_be_are_taken(owner, operation, full_batch):
    """A job of as many items as the schema permits, a hundred at most, is taken on."""
    reply = owner.send(full_batch.request)

    assert reply == accepted(operation)


@requirement("ASYNC-CREATE-NOT-BLOCKED")
@for_each_operation(both(creation, emitting))
def test_an_answer_does_not_wait_for_receivers(owner, ready, answered_before_delivery):
    """Three times a receiver delays its answer to a delivery; the request that led to it is answered before that."""
    answered_first = answered_before_delivery(lambda: owner.send(ready.another()))

    assert any(answered_first)


@requirement("ASYNC-CREATE-NOT-BLOCKED")
@for_each_operation(both(creation, emitting))
@variants("answer", FAILING_ANSWERS)
@given("failing_hook")
def test_failing_receivers_fail_no_request(owner, ready):
    """A receiver hangs, fails, or is gone; ten requests whose events go to it succeed all the same."""
    replies = [owner.send(ready.another()) for _ in range(10)]

    assert replies == each(success)
