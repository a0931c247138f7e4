"""Is the platform well?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response
from sqlalchemy.exc import SQLAlchemyError

from reference_impl.domain.refusals import RefusalError
from reference_impl.views.binding import operation

if TYPE_CHECKING:
    from reference_impl.gateway.call import Call
    from reference_impl.storage.database import Database
    from reference_impl.views.representations import Answers


class OperationViews:
    """For those who run it."""

    def __init__(self, database: Database, answers: Answers) -> None:
        self.database = database
        self.answers = answers

    @operation("getHealth")
    def health(self, _call: Call) -> Response:
        return self.answers.json({"status": "ok"})

    @operation("getReadiness")
    def readiness(self, call: Call) -> Response:
        try:
            self.database.check()
        except SQLAlchemyError as error:
            raise RefusalError("unavailable", "The database does not answer.", headers={"Retry-After": "5"}) from error
        return self.health(call)

    @operation("getVersionPolicy")
    def version_policy(self, call: Call) -> Response:
        """What the contract says of it."""
        return Response(call.operation.description["description"], mimetype="text/plain")
