"""Ways to get what the client is sent back wrong."""

from __future__ import annotations

from reference_impl.faults import fault
from reference_impl.oauth.authorization import Authorization


@fault("OAUTH-AUTHZ-DENIED")
class RefusalIsAServerError(Authorization):
    """Whoever presses the other button is told of as an error of the server."""

    def back(self, location):
        return location.replace("access_denied", "server_error")


@fault("OAUTH-AUTHZ-DENIED")
class BothButtonsConsent(Authorization):
    """The login is taken for the consent, whatever button is pressed."""

    def grant_to(self, visit, grant, user):
        return super().grant_to(visit, grant, user or visit.user)


@fault("OAUTH-NO-IMPLICIT")
class FragmentHoldsAToken(Authorization):
    """The implicit grant of former days is still answered."""

    def refuse(self, visit, error):
        if "token" in visit.request.args.get("response_type", ""):
            return self.see(
                visit.request.args["redirect_uri"] + "#access_token=eyJhbGciOiJub25lIn0.e30.&token_type=bearer"
            )
        return super().refuse(visit, error)


@fault("OAUTH-NO-307")
class FormsAreSentOn(Authorization):
    """Redirects have the status 307, which keeps the method, and with it the password."""

    def redirect_status(self):
        return 307
