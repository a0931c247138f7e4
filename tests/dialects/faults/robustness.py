"""Input is taken, or refused, as it should not be."""

from __future__ import annotations

from dialects.faults import fault
from dialects.server.bodies import Bodies
from dialects.server.messages import Response
from dialects.server.service import Service


@fault("ROB-INVALID-REFUSED")
class ChecksNothing(Bodies):
    """Members are taken whatever they hold."""

    def check_each(self, value, known):
        """Looks at nothing."""


@fault("ROB-VALID-ACCEPTED", media=("json", "vendor-json", "form"))
class RefusesExtremes(Bodies):
    """The largest quantity that is permitted is refused, and the longest name."""

    def check_each(self, value, known):
        super().check_each(value, known)
        if len(value.get("name", "")) == 40 or len(value.get("name", "")) == 1 or value.get("qty") == 100:
            raise self.invalid("it is too much")


@fault("ROB-NO-5XX-ON-INPUT")
class CrashesOnInput(Service):
    """A body that is refused ends in a server error."""

    def __call__(self, request):
        response = super().__call__(request)
        crashed = request.content and response.status in {400, self.dialect.invalid}
        return Response(status=500, headers=response.headers, content=response.content) if crashed else response


@fault("SEC-NOSNIFF")
class LetsBrowsersGuess(Service):
    """Nothing forbids browsers to guess the media type."""

    def safety(self, _request):
        return {"Cache-Control": "no-store"}


@fault("SEC-CORS")
class InvitesEveryOrigin(Service):
    """Whatever origin asks is permitted to read, with credentials."""

    def __call__(self, request):
        response = super().__call__(request)
        origin = request.headers.get("Origin", "")
        granted = {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true"} if origin else {}
        return Response(status=response.status, headers={**response.headers, **granted}, content=response.content)
