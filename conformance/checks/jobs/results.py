"""Each item of a job is judged by itself, done once, and answered in its place."""

from conformance.marks import for_each_operation, requirement
from conformance.selection.jobs import (
    batch_job,
    reporting_created,
    reporting_outcomes,
    reporting_problems,
    reporting_results,
)


@requirement("ASYNC-JOB-RESULT-EACH")
@for_each_operation(reporting_results)
def test_there_is_a_result_for_each_item(mixed_job):
    """A job of good and bad items ends; it has as many results as items."""
    results = mixed_job.results

    assert len(results) == len(mixed_job.batch.good)


@requirement("ASYNC-JOB-RESULT-ORDER")
@for_each_operation(reporting_outcomes)
def test_results_stand_in_the_order_of_the_items(mixed_job):
    """A job of good and bad items in no order ends; its results say done and refused in the order of the items."""
    done = mixed_job.succeeded

    assert done == [*mixed_job.batch.good]


@requirement("ASYNC-JOB-RESULT-NAMES")
@for_each_operation(reporting_created)
def test_a_result_names_what_its_item_made(mixed_job):
    """A job of good and bad items ends; the thing that each result names bears the marker of its item."""
    results = mixed_job.results

    assert [mixed_job.job.created(result) for result in results if mixed_job.job.created(result) is not None] != []
    assert mixed_job.wrongly_named_objects == []


@requirement("ASYNC-JOB-PARTIAL")
@for_each_operation(reporting_outcomes)
def test_bad_items_do_not_spoil_the_good_ones(mixed_job):
    """A job of good and bad items ends; as many are done as are good."""
    done = mixed_job.succeeded

    assert sum(done) == sum(mixed_job.batch.good)


@requirement("ASYNC-JOB-PARTIAL")
@for_each_operation(reporting_problems)
def test_a_refused_item_is_given_the_reason(mixed_job):
    """A job of good and bad items ends; the result of each bad one says why."""
    unexplained = mixed_job.failures_without_problem

    assert unexplained == []


@requirement("ASYNC-JOB-ONE-EFFECT")
@for_each_operation(batch_job)
def test_each_item_has_one_effect_or_none(mixed_job):
    """A job of good and bad items ends; of each good one there is one thing, of each bad one none."""
    effects = mixed_job.effect_counts

    assert effects == mixed_job.batch.expected


@requirement("ASYNC-JOB-ITEM-EVENTS")
@for_each_operation(batch_job)
def test_each_item_is_told_once(hook, mixed_job, item_events, deliveries):
    """A job of good and bad items ends; before a later event each good one was told once, and no bad one."""
    tellings = mixed_job.event_counts(hook, item_events, deliveries)

    assert tellings == [good * len(item_events) for good in mixed_job.batch.expected]


@requirement("ASYNC-JOB-RESULT-KEPT")
@for_each_operation(reporting_results)
def test_results_are_kept(mixed_job, run_another_job):
    """A job ends and is read, another one ends; the first then shows the same results twice more."""
    results = mixed_job.results
    run_another_job()
    again = [mixed_job.job.results(mixed_job.job.read()) for _ in range(2)]

    assert again == [results] * 2
