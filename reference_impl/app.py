"""The composition root: every part is built here, and here only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask

from reference_impl.contract import Contract
from reference_impl.domain.clock import Clock
from reference_impl.domain.ids import Codes, Ids, Secrets
from reference_impl.domain.patches import MergePatch
from reference_impl.events.counting import Counting
from reference_impl.events.dispatcher import Attempts, Dispatcher, Retries
from reference_impl.events.key_pairs import KeyPairs
from reference_impl.events.outbox import Envelopes, Outbox, Subscriptions
from reference_impl.events.receivers import ReceiverPolicy, Resolver
from reference_impl.events.sender import Sender
from reference_impl.events.signer import Signer
from reference_impl.gateway.bodies import Bodies
from reference_impl.gateway.cors import CrossOrigin
from reference_impl.gateway.credentials import Authentication, BearerCredentials, Challenges
from reference_impl.gateway.deprecation import DeprecationHeaders
from reference_impl.gateway.gateway import Gates, Gateway
from reference_impl.gateway.headers import RequestIds, SecurityHeaders
from reference_impl.gateway.idempotency import IdempotencyKeys
from reference_impl.gateway.limits import RateLimiter
from reference_impl.gateway.ownership import Ownership
from reference_impl.gateway.preconditions import EntityTags, Preconditions
from reference_impl.gateway.problems import Problems
from reference_impl.gateway.receivers import ReceiverRules
from reference_impl.gateway.scopes import ScopeGuard
from reference_impl.gateway.sessions import ForgeryDefence, SessionAuthentication, SessionChallenges
from reference_impl.gateway.validation import RequestValidation, ResponseValidation, Schemas
from reference_impl.jobs.importer import Completion, Importer, ItemRules
from reference_impl.jobs.worker import Worker
from reference_impl.oauth.authorization import Authorization
from reference_impl.oauth.browsers import Browsers, SessionCookie, WebSessions
from reference_impl.oauth.clients import Clients
from reference_impl.oauth.endpoints import Introspection, PresentedTokens, Revocation
from reference_impl.oauth.grants import AuthorizationCodes, Pkce, RefreshTokens
from reference_impl.oauth.keys import SigningKeys
from reference_impl.oauth.metadata import Metadata
from reference_impl.oauth.openid import IdTokens, PersonalClaims, RefreshedIdTokens
from reference_impl.oauth.pages import Pages as LoginPages
from reference_impl.oauth.passwords import Logins, LoginThrottle, Passwords, new_user
from reference_impl.oauth.server import OAuthParts, ResourceIndicators, ResponseIssuer, ScopeGrants, TokenEndpoint
from reference_impl.oauth.tokens import AccessTokens
from reference_impl.oauth.trust import Discovery, KeyCache, TrustedIssuers
from reference_impl.oauth.verifier import Revocations, TokenVerifier
from reference_impl.routing import Errors, HttpEntry, Routes
from reference_impl.storage.clicks import Clicks
from reference_impl.storage.clients import ClientRows
from reference_impl.storage.database import Database
from reference_impl.storage.deliveries import Deliveries
from reference_impl.storage.grants import Grants
from reference_impl.storage.history import History
from reference_impl.storage.jobs import Jobs
from reference_impl.storage.links import Links
from reference_impl.storage.outcomes import Outcomes
from reference_impl.storage.secrets import ServerSecrets
from reference_impl.storage.sessions import BrowserSessions
from reference_impl.storage.users import Consents, UserRows
from reference_impl.storage.webhooks import Webhooks
from reference_impl.views.analytics import AnalyticsViews
from reference_impl.views.binding import bind
from reference_impl.views.deliveries import DeliveryViews
from reference_impl.views.docs import serve_docs
from reference_impl.views.identity import IdentityViews
from reference_impl.views.jobs import JobViews
from reference_impl.views.links import LinkViews, Redirects
from reference_impl.views.operation import OperationViews
from reference_impl.views.pages import Pages
from reference_impl.views.representations import (
    Answers,
    ClickRepresentation,
    DeliveryRepresentation,
    JobRepresentation,
    LinkRepresentation,
    WebhookRepresentation,
)
from reference_impl.views.sessions import SessionViews
from reference_impl.views.tools import Tools
from reference_impl.views.webhooks import WebhookViews

if TYPE_CHECKING:
    from reference_impl.parts import Parts
    from reference_impl.settings import Settings

LOGIN_LIFETIME = 8 * 3600  # seconds that a login at the authorization server holds
WEB_LIFETIME = 12 * 3600  # seconds that one in our own web application holds
JOB_LEASE = 5.0  # seconds without a sign of life after which a job is taken up by another worker


def create_app(settings: Settings, parts: Parts) -> Flask:
    """The application; a faulty variant is one made with a substituted part.

    `app.extensions` holds what the process that serves needs: entry, database, and what works in the background.
    """
    app = Flask("reference_impl", static_folder=None)
    assembly = Assembly(settings, parts)
    assembly.open(app)
    app.extensions["background"] = (assembly.dispatcher(), assembly.counting, assembly.background())
    app.extensions["database"] = assembly.database
    parts.refuse_unused()
    return app


class Assembly:
    """Puts the parts together."""

    def __init__(self, settings: Settings, parts: Parts) -> None:
        self.settings = settings
        self.parts = parts
        self.contract = Contract.load()
        self.clock = parts(Clock)
        self.ids = parts(Ids)
        self.timings = settings.timings or self.contract.timings
        self.database = parts(Database, settings.database)
        self.database.create_tables()
        self.secrets = parts(ServerSecrets, self.database)
        self.links = parts(Links, self.database, self.clock, self.ids, parts(Codes))
        self.key_pairs = parts(KeyPairs)
        overlap, most = self.timings.secret_overlap, self.contract.most_receivers
        self.webhooks = parts(Webhooks, self.database, self.clock, self.ids, parts(Secrets), overlap, most)
        self.deliveries = parts(Deliveries, self.database, self.clock, self.ids, self.timings.delivery_timeout * 1.5)
        self.history = parts(History, self.database)
        self.subscriptions = parts(Subscriptions, self.webhooks)
        self.outbox = parts(
            Outbox,
            self.database,
            parts(Envelopes, self.clock, self.ids),
            self.subscriptions,
            self.deliveries,
        )
        self.clicks = parts(Clicks, self.database)
        self.counting = parts(Counting, self.database, self.clicks)
        self.policy = parts(ReceiverPolicy, parts(Resolver, settings.resolvers), settings.allowed_receivers)
        self.jobs = parts(Jobs, self.database, self.clock, self.ids, JOB_LEASE)
        self.keys = parts(SigningKeys, self.secrets, self.clock, self.timings.key_lifetime)
        self.clients = parts(Clients, parts(ClientRows, self.database), settings.fixed_clients, settings.issuer)
        self.grants = parts(Grants, self.database, self.clock, self.ids)
        self.users = parts(UserRows, self.database)
        self.logins = self.known_logins()
        self.web_sessions = self.session_authentication()
        self.verifier = self.token_verifier()
        self.bodies = parts(Bodies)
        self.schemas = parts(Schemas, self.contract, self.bodies)
        self.problems = parts(Problems)
        self.preconditions = parts(Preconditions, parts(EntityTags))
        self.answers = parts(Answers, settings.public_url, self.preconditions.tags)
        self.tools = Tools(
            outbox=self.outbox,
            answers=self.answers,
            pages=parts(Pages, self.secrets.get("cursors", lambda: self.ids.new("key"))),
            preconditions=self.preconditions,
            patch=parts(MergePatch),
        )
        shown, reserved = parts(LinkRepresentation, settings.public_url), self.contract.reserved_codes
        self.link_views = parts(LinkViews, self.links, shown, self.tools, reserved)
        self.shown_jobs = parts(JobRepresentation)

    def open(self, app: Flask) -> None:
        routes = self.parts(Routes)
        entry = HttpEntry(
            contract=self.contract,
            gateway=self.parts(Gateway, self.gates(), self.database),
            routes=routes,
            errors=self.parts(Errors, routes),
            problems=self.problems,
            request_ids=self.parts(RequestIds, self.ids),
            security_headers=self.parts(SecurityHeaders, self.settings.public_url),
            cross_origin=self.parts(CrossOrigin, self.contract),
            deprecation_headers=self.parts(DeprecationHeaders, self.settings.public_url),
            responses=None if self.parts.altered else self.parts(ResponseValidation, self.schemas),
        )
        entry.open(app, bind(self.contract, self.views()))
        app.extensions["entry"] = entry
        if self.settings.docs:
            serve_docs(app, self.settings.docs)

    def dispatcher(self) -> Dispatcher:
        parts, clock = self.parts, self.clock
        sender = parts(Sender, self.policy, self.timings.delivery_timeout)
        retries = parts(Retries, self.timings.retry_schedule, self.timings.retry_after_cap, clock)
        signer = parts(Signer, clock, self.key_pairs)
        attempts = parts(Attempts, self.deliveries, self.history, self.subscriptions, signer, sender, retries)
        return parts(Dispatcher, self.deliveries, attempts, self.outbox.wake, clock)

    def background(self) -> Worker:
        parts, database, rules = self.parts, self.database, self.parts(ItemRules, self.contract)
        importer = parts(Importer, self.jobs, self.link_views, rules, self.problems, database)
        completion = parts(Completion, self.jobs, self.outbox, self.shown_jobs, database)
        return parts(Worker, self.jobs, importer, completion)

    def gates(self) -> Gates:
        parts = self.parts
        challenges = parts(Challenges, self.settings.public_url + "/.well-known/oauth-protected-resource")
        return Gates(
            authentication=parts(
                Authentication, parts(BearerCredentials, challenges), self.verifier, challenges, self.clients
            ),
            sessions=self.web_sessions,
            scopes=parts(ScopeGuard, challenges),
            limits=parts(RateLimiter, self.settings.quotas, self.settings.rate_storage, self.clock),
            ownership=parts(
                Ownership,
                {"linkId": self.links.find, "webhookId": self.webhooks.find, "jobId": self.jobs.find},
            ),
            bodies=self.bodies,
            validation=parts(RequestValidation, self.schemas),
            receivers=parts(ReceiverRules, self.policy, self.contract),
            preconditions=self.preconditions,
            keys=parts(IdempotencyKeys, parts(Outcomes, self.database, self.clock), self.database),
            problems=self.problems,
        )

    def session_authentication(self) -> SessionAuthentication:
        parts, url, cookie = self.parts, self.settings.public_url, self.contract.scheme("scheme")
        rows = parts(BrowserSessions, self.database, self.clock, "first-party", WEB_LIFETIME)
        secret = self.secrets.get("csrf", lambda: self.ids.new("key"))
        sessions = parts(WebSessions, rows, parts(SessionCookie, cookie, "Strict"), secret)
        challenges = parts(SessionChallenges, cookie, url + self.contract.operations["logIn"].path)
        defence = parts(ForgeryDefence, sessions, self.contract.scheme("proof"), url, challenges)
        scopes = frozenset(self.contract.scopes)
        return parts(SessionAuthentication, sessions, self.users, defence, challenges, self.settings.issuer, scopes)

    def token_verifier(self) -> TokenVerifier:
        parts, declared = self.parts, self.contract.access_token
        cache = parts(
            KeyCache, parts(Discovery), self.clock, self.timings.key_lifetime, self.timings.key_refetch_cooldown
        )
        issuers = parts(TrustedIssuers, self.settings.issuer, self.keys, self.settings.trusted_issuers, cache)
        revocations = parts(Revocations, self.grants, self.settings.issuer)
        return parts(TokenVerifier, issuers, self.settings.public_url, declared, self.clock, revocations)

    def views(self) -> list[object]:
        parts, tools = self.parts, self.tools
        return [
            self.link_views,
            parts(JobViews, self.jobs, self.shown_jobs, tools),
            parts(Redirects, self.links, self.outbox, self.counting),
            parts(AnalyticsViews, self.clicks, parts(ClickRepresentation), tools),
            parts(WebhookViews, self.webhooks, parts(WebhookRepresentation, self.key_pairs), tools, self.history),
            parts(DeliveryViews, self.history, self.deliveries, parts(DeliveryRepresentation, self.clock), tools),
            self.identity_views(self.answers),
            parts(SessionViews, self.logins, self.web_sessions, self.answers, self.clock),
            parts(OperationViews, self.database, self.answers),
        ]

    def identity_views(self, answers: Answers) -> IdentityViews:
        parts, url = self.parts, self.settings.public_url
        claims = parts(PersonalClaims, self.users, self.settings.issuer)
        server = self.authorization_server(claims)
        cookie = parts(SessionCookie, "__Host-login", "Lax")
        sessions = BrowserSessions(self.database, self.clock, "authorization", LOGIN_LIFETIME)
        browsers = parts(Browsers, sessions, cookie, self.secrets.get("forms", lambda: self.ids.new("key")))
        pages = parts(LoginPages, cookie, self.contract.described_scopes)
        consents = parts(Consents, self.database)
        authorization = parts(Authorization, server, browsers, self.logins, self.users, consents, pages)
        metadata = parts(Metadata, url, self.contract.scopes)
        return parts(IdentityViews, server, authorization, self.keys, metadata, claims, answers)

    def known_logins(self) -> Logins:
        parts, settings = self.parts, self.settings
        passwords = Passwords(quick=settings.quick_passwords)
        for user in settings.fixed_users:
            self.users.put(new_user(user, self.ids, passwords))
        throttle = parts(LoginThrottle, self.contract.login["attempts"], settings.rate_storage, self.clock)
        return parts(Logins, self.users, passwords, throttle)

    def authorization_server(self, claims: PersonalClaims) -> TokenEndpoint:
        parts, url, issuer = self.parts, self.settings.public_url, self.settings.issuer
        refresh_tokens = parts(RefreshTokens, self.grants, self.users, self.clock)
        presented = parts(PresentedTokens, self.verifier, self.grants, refresh_tokens)
        return parts(
            TokenEndpoint,
            OAuthParts(
                clients=self.clients,
                tokens=parts(AccessTokens, issuer, url, self.settings.token_lifetime, self.keys, self.clients),
                scopes=parts(ScopeGrants),
                resources=parts(ResourceIndicators, url),
                codes=parts(AuthorizationCodes, self.grants, self.users, self.clock, self.timings.code_lifetime),
                refresh_tokens=refresh_tokens,
                pkce=parts(Pkce),
                id_tokens=parts(IdTokens, issuer, self.keys, claims),
                refreshed_id_tokens=parts(RefreshedIdTokens, issuer, self.keys, claims),
                revocation=parts(Revocation, presented, self.grants),
                introspection=parts(Introspection, presented),
                response_issuer=parts(ResponseIssuer, issuer),
                grants=self.grants,
                database=self.database,
            ),
        )
