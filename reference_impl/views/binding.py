"""Views are bound to operations by operationId; path and method come from the contract."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Response

if TYPE_CHECKING:
    from reference_impl.contract import Contract

View = Callable[..., Response]
Method = TypeVar("Method", bound=View)


class BindingError(Exception):
    """Views and operations are not one to one."""


def operation(operation_id: str) -> Callable[[Method], Method]:
    """Marks a method as the view of an operation."""

    def mark(method: Method) -> Method:
        method.__dict__["operation_id"] = operation_id
        return method

    return mark


def bind(contract: Contract, groups: Iterable[Any]) -> Mapping[str, View]:
    """The view of each operation; raises `BindingError` unless they are one to one."""
    views: dict[str, View] = {}
    for group in groups:
        for operation_id, view in marked(group):
            if operation_id in views:
                raise BindingError(f"The operation {operation_id} has two views.")
            views[operation_id] = view
    if unknown := views.keys() - contract.operations.keys():
        raise BindingError(f"There are views of operations that the contract does not know: {', '.join(unknown)}.")
    if missing := contract.operations.keys() - views.keys():
        raise BindingError(f"There are operations without a view: {', '.join(missing)}.")
    return views


def marked(group: Any) -> Iterable[tuple[str, View]]:
    """Marked methods of a group; a method that overrides one keeps its mark."""
    for name in dir(type(group)):
        marks = [vars(each)[name] for each in type(group).__mro__ if name in vars(each)]
        for each in marks:
            if operation_id := getattr(each, "operation_id", None):
                yield operation_id, getattr(group, name)
                break
