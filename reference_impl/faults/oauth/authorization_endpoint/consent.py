"""Ways to get consent wrong."""

from __future__ import annotations

from sqlalchemy import select

from reference_impl.faults import fault
from reference_impl.oauth.authorization import Authorization
from reference_impl.oauth.clients import Client, Clients
from reference_impl.storage.tables import CONSENTS
from reference_impl.storage.users import Consents


class Generous(Client):
    def get_allowed_scope(self, scope):
        return scope or self.scope


@fault("OAUTH-AUTHZ-SCOPE")
class AnyScopeIsGranted(Clients):
    """What a client asks a person for is not compared with what it is registered for."""

    def client(self, **columns):
        return Generous(**columns)


@fault("OAUTH-CONSENT-OF-THIS-BROWSER")
class AnyFormWillDo(Authorization):
    """Whoever sends the form is taken for the one who logged in last."""

    def is_ours(self, visit):
        return True

    def visit(self, request):
        made = super().visit(request)
        if made.user is None and request.form.get("action") == "approve":
            made.user = self.users.named("carol")
        return made


@fault("OAUTH-CONSENT-EACH-SCOPE")
class OneConsentIsEnough(Consents):
    """Who has consented to anything once is not asked again."""

    def covers(self, user_id, client_id, scopes):
        return bool(self._granted(user_id, client_id))


@fault("OAUTH-CONSENT-EACH-SCOPE")
class OneConsentForAllClients(Consents):
    """What a person has granted to one client is granted to all."""

    def _granted(self, user_id, client_id):
        rows = self.database.rows(select(CONSENTS.c.scope).where(CONSENTS.c.user_id == user_id))
        return frozenset(scope for row in rows for scope in row["scope"].split())
