"""The results of jobs: each item is processed by itself, once, and has its result in its place."""

from conformance.marks import for_each_operation, given, requirement, variants
from conformance.selection.jobs import (
    batch_job,
    reporting_created,
    reporting_outcomes,
    reporting_problems,
    reporting_results,
)
from conformance.selection.operations import both, emitting


@requirement("ASYNC-JOB-RESULT-EACH")
@for_each_operation(reporting_results)
def test_there_is_a_result_for_each_item(mixed_job):
    """A job of valid and invalid items ends; it has as many results as items."""
    results = mixed_job.results

    assert len(results) == len(mixed_job.batch.good)


@requirement("ASYNC-JOB-RESULT-ORDER")
@for_each_operation(reporting_outcomes)
def test_results_stand_in_the_order_of_the_items(mixed_job):
    """A job of valid and invalid items, mixed, ends; its results show success and failure in the order of the items."""
    succeeded = mixed_job.succeeded

    assert succeeded == [*mixed_job.batch.good]


@requirement("ASYNC-JOB-RESULT-NAMES")
@for_each_operation(reporting_created)
def test_a_result_names_the_object_of_its_item(mixed_job):
    """A job of valid and invalid items ends; the object that each result names holds the marker of its item."""
    results = mixed_job.results

    assert [mixed_job.job.created(result) for result in results if mixed_job.job.created(result) is not None] != []
    assert mixed_job.wrongly_named_objects == []


@requirement("ASYNC-JOB-PARTIAL")
@for_each_operation(reporting_outcomes)
def test_invalid_items_do_not_fail_the_valid_ones(mixed_job):
    """A job of valid and invalid items ends; as many succeed as are valid."""
    succeeded = mixed_job.succeeded

    assert sum(succeeded) == sum(mixed_job.batch.good)


@requirement("ASYNC-JOB-PARTIAL")
@for_each_operation(reporting_problems)
def test_a_failed_item_has_a_problem(mixed_job):
    """A job of valid and invalid items ends; the result of each invalid one holds a problem."""
    without_problem = mixed_job.failures_without_problem

    assert without_problem == []


@requirement("ASYNC-JOB-ONE-EFFECT")
@for_each_operation(batch_job)
def test_each_item_has_one_effect_or_none(mixed_job):
    """A job of valid and invalid items ends; of each valid one there is one object, of each invalid one none."""
    effects = mixed_job.effect_counts

    assert effects == mixed_job.batch.expected


@requirement("ASYNC-JOB-ITEM-WHOLE")
@for_each_operation(reporting_created)
def test_an_item_is_made_as_by_a_single_request(made_otherwise):
    """All members of an item are set, and a single request sets the same; what both have made shows them alike."""
    assert made_otherwise == []


@requirement("ASYNC-JOB-ITEM-EVENTS")
@for_each_operation(batch_job)
def test_each_item_has_one_event(hook, mixed_job, item_events, deliveries):
    """A job of valid and invalid items ends; before the fence, each valid one has one event, each invalid one none."""
    counts = mixed_job.event_counts(hook, item_events, deliveries)

    assert counts == [good * len(item_events) for good in mixed_job.batch.expected]


@requirement("ASYNC-JOB-ITEM-EVENTS")
@for_each_operation(reporting_created)
@given("normative")
def test_the_event_of_an_item_names_what_was_made(named_otherwise):
    """A thing is made by a single request, and one by an item; their events name them in the same members."""
    assert named_otherwise == []


@requirement("ASYNC-JOB-RESULT-KEPT")
@for_each_operation(reporting_results)
def test_results_outlive_what_was_made(mixed_job, delete_made):
    """A job ends, and a thing that it has made is deleted; the job shows the same results as before."""
    results = mixed_job.results
    delete_made(results)

    assert mixed_job.job.results(mixed_job.job.read()) == results


@requirement("ASYNC-JOB-RESULT-KEPT")
@for_each_operation(reporting_results)
def test_results_are_kept(mixed_job, run_another_job):
    """A job ends and is read, another one ends; the first then shows the same results twice more."""
    results = mixed_job.results
    run_another_job()
    again = [mixed_job.job.results(mixed_job.job.read()) for _ in range(2)]

    assert again == [results] * 2


@requirement("ASYNC-JOB-PARTIAL")
@for_each_operation(reporting_outcomes)
def test_every_item_of_a_large_job_is_done(largest_job):
    """A job of as many valid items as may be ends; each of them succeeds."""
    succeeded = largest_job.succeeded

    assert succeeded == [*largest_job.batch.good]


@requirement("ASYNC-JOB-EVENT-AGREES")
@for_each_operation(both(batch_job, emitting))
@given("normative")
@variants("kind", {"mixed": "mixed", "bad": "bad"})
def test_the_event_of_the_end_shows_what_is_read(hook, running_job, end_event, deliveries):
    """A job of several items, or of invalid ones alone, ends; its event shows the values that are read of it."""
    assert running_job.contradictions_of_end(hook, end_event, deliveries) == []
