"""Deleting what a check made, where the same people go on living on the target."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from conformance.target.client import Recorder
from conformance.target.errors import BlockedError

if TYPE_CHECKING:
    from conformance.engine.session import Session
    from conformance.target.client import Record
    from conformance.target.messages import Request


def clean_up(session: Session) -> None:
    """Deletes, with the credentials that made it, each object that the check's exchanges made."""
    records = session.client.recorder.records
    session.client.recorder = Recorder()
    for record in filter(lambda record: session.lasting(record.identity), reversed(records)):
        with contextlib.suppress(BlockedError):
            deletion = _deletion(session, record)
            if deletion is not None:
                session.client.send(deletion, identity=record.identity, label="clean-up")
    session.client.recorder = Recorder(records)


def _deletion(session: Session, record: Record) -> Request | None:
    request, reply = record.request, record.reply
    if reply is None or not reply.success or not request.operation or request.method != "POST":
        return None
    for operation in session.contract.operations:
        producer = session.arranger.producer(operation) if operation.method == "DELETE" else None
        if producer is not None and producer.operation.id == request.operation:
            parameters = session.arranger.parameters(producer, operation, request, reply)
            bare = session.arranger.addressing(operation, parameters)
            credentials = [(name, value) for name, value in request.headers if name not in dict(bare.headers)]
            for name, value in credentials:
                bare = bare.with_header(name, value)
            return bare
    return None
