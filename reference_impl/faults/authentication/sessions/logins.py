"""Ways to let the wrong person log in, or to tell who could."""

from __future__ import annotations

import unicodedata

from reference_impl.domain.refusals import RefusalError
from reference_impl.faults import fault
from reference_impl.oauth.passwords import Logins, LoginThrottle
from reference_impl.views.sessions import SessionViews


@fault("SESS-LOGIN-GENERIC-FAILURE")
class UnknownNamesAreTold(SessionViews):
    """The refusal says that there is nobody of this name."""

    def wrong(self, username):
        refusal = super().wrong(username)
        if self.logins.users.named(username) is None:
            refusal.detail = "There is nobody of this name."
        return refusal


@fault("SESS-LOGIN-GENERIC-FAILURE")
class LongPasswordsBreakARule(SessionViews):
    """The function that hashes takes 72 bytes, and so does the login."""

    def log_in(self, call):
        if len(call.body["password"]) > 72:
            raise RefusalError("validation", "password: is too long")
        return super().log_in(call)


@fault("SESS-LOGIN-GENERIC-FAILURE")
class UnknownNamesAreUnprocessable(SessionViews):
    """An unknown name breaks a rule, a wrong password is a refusal."""

    def wrong(self, username):
        known = self.logins.users.named(username)
        return super().wrong(username) if known else RefusalError("validation", "username: is not known")


@fault("SESS-LOGIN-THROTTLED")
class NobodyCounts(LoginThrottle):
    """Failed logins are not counted."""

    def failed(self, username):
        """Nothing is kept."""


@fault("SESS-LOGIN-THROTTLED")
class SaysNotHowLong(LoginThrottle):
    """The refusal does not say how long to wait."""

    def check(self, username):
        try:
            super().check(username)
        except RefusalError as refusal:
            refusal.headers = {}
            raise


@fault("SESS-PASSWORD-EXACT")
class PasswordsAreTrimmed(Logins):
    """Spaces around a password come from copying, and are taken away."""

    def authenticate(self, username, password):
        return super().authenticate(username, password.strip())


@fault("SESS-PASSWORD-EXACT")
class PasswordsAreNormalised(Logins):
    """Passwords are brought into one form before they are compared, so that wide letters pass for plain ones."""

    def authenticate(self, username, password):
        return super().authenticate(username, unicodedata.normalize("NFKC", password))
