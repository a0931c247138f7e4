"""The authorization endpoint: a person logs in and consents, and the browser goes back to the client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oidc.core.errors import ConsentRequiredError, LoginRequiredError
from flask import redirect

from reference_impl.domain.refusals import RefusalError

if TYPE_CHECKING:
    from flask import Request, Response

    from reference_impl.domain.entities import User
    from reference_impl.oauth.browsers import Browsers
    from reference_impl.oauth.grants import CodeGrant
    from reference_impl.oauth.pages import Pages
    from reference_impl.oauth.passwords import Logins
    from reference_impl.oauth.server import TokenEndpoint
    from reference_impl.storage.sessions import BrowserSession
    from reference_impl.storage.users import Consents, UserRows


class Visit:
    """One request of a browser: who is logged in, and what the client wants."""

    def __init__(self, request: Request, session: BrowserSession | None, user: User | None) -> None:
        self.request = request
        self.session = session
        self.user = user
        self.prompts = frozenset(request.args.get("prompt", "").split())

    @property
    def here(self) -> str:
        """The page with its query string, as the form on it sends it back."""
        return f"{self.request.path}?{self.request.query_string.decode('ascii', 'replace')}"


class Authorization:
    """Leads a browser through login and consent back to the client."""

    def __init__(
        self,
        server: TokenEndpoint,
        browsers: Browsers,
        logins: Logins,
        users: UserRows,
        consents: Consents,
        pages: Pages,
    ) -> None:
        self.server = server
        self.browsers = browsers
        self.logins = logins
        self.users = users
        self.consents = consents
        self.pages = pages

    def show(self, request: Request) -> Response:
        """The login page, the consent page, or the way back if neither is needed."""
        visit = self.visit(request)
        try:
            grant = self.grant(visit)
            if visit.user is None or "login" in visit.prompts:
                return self.ask_to_log_in(visit, grant)
            if self.must_ask(visit, grant):
                return self.ask_for_consent(visit, grant)
        except OAuth2Error as error:
            return self.refuse(visit, error)
        return self.grant_to(visit, grant, visit.user)

    def decide(self, request: Request) -> Response:
        """What follows from a form."""
        visit = self.visit(request)
        if not self.is_ours(visit):
            return self.pages.error("This form is too old, or was not made here. Begin again in the application.")
        try:
            grant = self.grant(visit)
            if request.form.get("action") == "login":
                return self.log_in(visit, grant)
            if visit.user is None:
                return self.ask_to_log_in(visit, grant)
        except OAuth2Error as error:
            return self.refuse(visit, error)
        if request.form.get("action") != "approve":
            return self.grant_to(visit, grant, None)
        self.consents.add(visit.user.id, grant.client.id, frozenset(str(grant.request.scope).split()))
        return self.grant_to(visit, grant, visit.user)

    def visit(self, request: Request) -> Visit:
        session = self.browsers.session(request)
        return Visit(request, session, self.users.find(session.user_id) if session else None)

    def is_ours(self, visit: Visit) -> bool:
        """Whether the form was made for this very browser."""
        identifier = self.browsers.identifier(visit.request)
        return self.browsers.is_proof(identifier, visit.request.form.get("form_token", ""))

    def grant(self, visit: Visit) -> CodeGrant:
        """The client's request, if it is sound; raises OAuth2Error."""
        self.check_once(visit.request)
        self.server.parts.resources.check(visit.request.args.get("resource") or None)
        server: Any = self.server
        grant: CodeGrant = server.get_consent_grant(server.authorization_request(visit.request), end_user=visit.user)
        return grant

    def check_once(self, request: Request) -> None:
        if any(len(values) > 1 for _, values in request.args.lists()):
            raise InvalidRequestError("A parameter is repeated.")

    def must_ask(self, visit: Visit, grant: CodeGrant) -> bool:
        scopes = frozenset(str(grant.request.scope).split())
        covered = visit.user is not None and self.consents.covers(visit.user.id, grant.client.id, scopes)
        return "consent" in visit.prompts or not covered

    def ask_to_log_in(self, visit: Visit, grant: CodeGrant) -> Response:
        if "none" in visit.prompts:
            raise LoginRequiredError(redirect_uri=grant.redirect_uri)
        return self.pages.login(self.proof(visit), visit.here, grant.client.id, grant.redirect_uri)

    def ask_for_consent(self, visit: Visit, grant: CodeGrant) -> Response:
        if "none" in visit.prompts:
            raise ConsentRequiredError(redirect_uri=grant.redirect_uri)
        scopes = str(grant.request.scope).split()
        return self.pages.consent(
            self.proof(visit), visit.here, grant.client.id, grant.redirect_uri, visit.user, scopes
        )

    def proof(self, visit: Visit) -> tuple[str, str]:
        """The browser's id, a new one if it has none, and the proof for its form."""
        identifier = self.browsers.identifier(visit.request) or self.browsers.new()
        return identifier, self.browsers.proof(identifier)

    def log_in(self, visit: Visit, grant: CodeGrant) -> Response:
        form = visit.request.form
        try:
            user = self.logins.authenticate(form.get("username", ""), form.get("password", ""))
        except RefusalError as refusal:
            return self.pages.too_many(refusal.headers["Retry-After"])
        if user is None:
            return self.pages.login(self.proof(visit), visit.here, grant.client.id, grant.redirect_uri, wrong=True)
        response = self.see(self.without_prompt(visit.here))
        self.browsers.log_in(visit.request, response, user)
        return response

    def without_prompt(self, here: str) -> str:
        """The page without the wish for a login, which has just been fulfilled."""
        path, _, query = here.partition("?")
        fields = parse_qsl(query, keep_blank_values=True)
        kept = [(name, self.without_login(value) if name == "prompt" else value) for name, value in fields]
        return f"{path}?{urlencode([field for field in kept if field != ('prompt', '')])}"

    def without_login(self, prompts: str) -> str:
        return " ".join(each for each in prompts.split() if each != "login")

    def grant_to(self, visit: Visit, grant: CodeGrant, user: User | None) -> Response:
        """Back to the client: with a code, or with access_denied where nobody grants it."""
        wish: Any = grant.request
        wish.auth_time = visit.session.auth_time if visit.session else 0
        answer: Any = self.server.create_authorization_response(wish, grant_user=user, grant=grant)
        return self.see(self.back(answer.headers["Location"]))

    def refuse(self, visit: Visit, error: OAuth2Error) -> Response:
        """Back to the client if the request named a registered one; else the browser stays here."""
        error.state = visit.request.args.get("state")
        if not self.may_lead_back(visit.request, error):
            return self.pages.error(error.description or "The request of the application is not sound.")
        answer: Any = self.server.handle_error_response(visit.request, error)
        self.server.parts.response_issuer.add_issuer_parameter(self.server, answer)
        return self.see(self.back(answer.headers["Location"]))

    def may_lead_back(self, request: Request, error: OAuth2Error) -> bool:
        """Whether the error may be told at the redirect URI: only where that is registered for the client."""
        target = error.redirect_uri or request.args.get("redirect_uri", "")
        client = self.server.query_client(request.args.get("client_id", ""))
        if client is None or len(request.args.getlist("redirect_uri")) != 1 or not client.check_redirect_uri(target):
            return False
        error.redirect_uri = target
        return True

    def back(self, location: str) -> str:
        """The address of the client with the answer in it."""
        return location

    def see(self, location: str) -> Response:
        """A redirect that makes a GET of a POST, so that no form is sent on (RFC 9700 section 4.12)."""
        response: Any = redirect(location, self.redirect_status())
        response.autocorrect_location_header = False
        response.set_data(b"")
        del response.headers["Content-Type"]
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        made: Response = response
        return made

    def redirect_status(self) -> int:
        return 303
