"""Ways to surprise those who use what will go, or what will come."""

from __future__ import annotations

from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus

from reference_impl.domain.refusals import RefusalError
from reference_impl.faults import fault
from reference_impl.gateway.deprecation import DeprecationHeaders
from reference_impl.gateway.gateway import Gateway
from reference_impl.gateway.scopes import ScopeGuard
from reference_impl.gateway.validation import RequestValidation
from reference_impl.routing import Routes


@fault("VER-DEPRECATION-HEADER", also=("REST-RESPONSE-CONFORMS-SCHEMA",))
class DeprecationIsTrue(DeprecationHeaders):
    """Deprecation says true, as a draft of long ago had it."""

    def deprecation(self, operation):
        return "true"


@fault("VER-DEPRECATION-HEADER", also=("REST-RESPONSE-CONFORMS-SCHEMA", "VER-SUNSET"))
class DeprecationIsAnHttpDate(DeprecationHeaders):
    """Deprecation is written like Sunset."""

    def deprecation(self, operation):
        return "Thu, 01 Jan 2026 00:00:00 GMT"


@fault("VER-DEPRECATION-HEADER", also=("REST-RESPONSE-CONFORMS-SCHEMA",))
class RefusalsAreNotDeprecated(DeprecationHeaders):
    """Only what succeeds tells that the operation will go."""

    def concerns(self, response, operation):
        return super().concerns(response, operation) and response.status_code < 400


@fault("VER-DEPRECATION-HEADER")
class EverythingIsDeprecated(DeprecationHeaders):
    """The middleware says Deprecation for the whole API."""

    def apply(self, response, operation):
        super().apply(response, operation)
        response.headers.setdefault("Deprecation", "@1767225600")


@fault("VER-SUNSET", also=("REST-RESPONSE-CONFORMS-SCHEMA",))
class SunsetIsANumber(DeprecationHeaders):
    """Sunset is written like Deprecation, in seconds."""

    def sunset(self, operation):
        return f"@{parsedate_to_datetime(super().sunset(operation)).timestamp():.0f}"


@fault("VER-SUNSET", also=("REST-RESPONSE-CONFORMS-SCHEMA",))
class TheSunWentDownBefore(DeprecationHeaders):
    """The two dates are mixed up, so that the end comes before it is announced."""

    def sunset(self, operation):
        end = parsedate_to_datetime(super().sunset(operation))
        return format_datetime(end.replace(year=2024, day=2), usegmt=True)


@fault("VER-SUNSET")
class ThePolicyIsNotThere(DeprecationHeaders):
    """The link leads to a page that has moved."""

    def policy(self, operation):
        return super().policy(operation) + "/former"


@fault("VER-UNKNOWN-VERSION")
class AnyVersionIsTheFirst(Routes):
    """Whatever version is asked for, the first one answers."""

    def path(self, operation):
        return super().path(operation).replace("/v1/", "/<version>/")


@fault("VER-DEPRECATED-STILL-WORKS")
class GoneBeforeItsSunset(Gateway):
    """What is deprecated is switched off as soon as it says so."""

    def handle(self, call, view):
        if call.operation.deprecated:
            raise RefusalError("gone", "Use the new name.")
        return super().handle(call, view)


@fault("VER-DEPRECATED-STILL-WORKS", also=("SCOPE-MISSING-403",))
class NobodyGuardsWhatWillGo(ScopeGuard):
    """The scopes were changed for the new name, and nobody thought of the former one."""

    def check(self, operation, principal):
        if not operation.deprecated:
            super().check(operation, principal)


@fault("VER-TOLERANT-READER", also=("ROB-INVALID-REFUSED", "ERR-VALIDATION-POINTERS"))
class UpdatesPassOverWhatTheyDoNotKnow(RequestValidation):
    """A creation refuses a member that it does not know, an update passes over it."""

    def body(self, call):
        try:
            super().body(call)
        except RefusalError as error:
            told = {offence.detail for offence in error.offences}
            if call.request.method != "PATCH" or told != {"is not a member that is expected here"}:
                raise


@fault("VER-DEPRECATION-HEADER")
class WhatIsUnchangedIsNotDeprecated(DeprecationHeaders):
    """A 304 is made before the fields are added."""

    def concerns(self, response, operation):
        return response.status_code != HTTPStatus.NOT_MODIFIED and super().concerns(response, operation)


@fault("VER-SUNSET")
class OneLinkIsEnough(DeprecationHeaders):
    """Link is set, and the page that follows is in it already."""

    def apply(self, response, operation):
        following = response.headers.get("Link")
        super().apply(response, operation)
        if following:
            response.headers["Link"] = following


@fault("VER-TOLERANT-READER")
class LoginsTakeAnything(RequestValidation):
    """The login picks what it knows out of the body."""

    def body(self, call):
        if call.operation.id != "logIn":
            super().body(call)
