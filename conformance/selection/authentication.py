"""Which operations a check of credentials is about; docstrings complete "no operation …"."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from conformance.contract.vocabulary import is_login

if TYPE_CHECKING:
    from conformance.contract.operation import Operation


def basic_authenticated(operation: Operation) -> bool:
    """takes a name and a password (HTTP Basic)"""
    return operation.secured and any(scheme.kind == "basic" for each in operation.scheme_sets for scheme in each)


def secured_without_object(operation: Operation) -> bool:
    """is protected, names nothing in its path and declares no 404"""
    return operation.secured and not operation.path_parameters and not operation.describes(HTTPStatus.NOT_FOUND)


def single(operation: Operation) -> bool:
    """is judged one request at a time, and not as a flow, as pages and logins are"""
    return not operation.interactive and not is_login(operation.raw)
