"""Which operations a check of jobs is about; each predicate's docstring completes "no operation …"."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.contract.operation import Operation


def beginning_job(operation: Operation) -> bool:
    """begins a job (x-job)"""
    return operation.job is not None and operation.secured


def batch_job(operation: Operation) -> bool:
    """begins a job of items that another operation takes one by one (x-job, item)"""
    return beginning_job(operation) and bool(operation.job and operation.job.item)


def reporting_progress(operation: Operation) -> bool:
    """begins a job that shows its progress (x-job, progress)"""
    return beginning_job(operation) and bool(operation.job and operation.job.progress)


def reporting_results(operation: Operation) -> bool:
    """begins a job that shows what came of each item (x-job, results)"""
    return batch_job(operation) and bool(operation.job and operation.job.results)


def reporting_outcomes(operation: Operation) -> bool:
    """begins a job that shows which items it has done (x-job, made or problem)"""
    return reporting_results(operation) and bool(operation.job and (operation.job.made or operation.job.problem))


def job_with_location(operation: Operation) -> bool:
    """begins a job (x-job) and says where it is"""
    return beginning_job(operation) and any(
        answer.status == "202" and "location" in answer.headers for answer in operation.answers
    )


def reporting_created(operation: Operation) -> bool:
    """begins a job that names what each item has made (x-job, made)"""
    return reporting_results(operation) and bool(operation.job and operation.job.made)


def reporting_problems(operation: Operation) -> bool:
    """begins a job that says why it has refused an item (x-job, problem)"""
    return reporting_results(operation) and bool(operation.job and operation.job.problem)
