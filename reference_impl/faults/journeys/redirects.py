"""Ways to get the following of links wrong."""

from __future__ import annotations

from flask import Response

from reference_impl.domain.refusals import RefusalError
from reference_impl.faults import fault
from reference_impl.views.links import LinkViews, Redirects


@fault("REST-REDIRECT-FOLLOWS-LINK")
class WritesTheHostInSmallLetters(Redirects):
    """The destination is put into a normal form, as a web framework does by itself."""

    def destination(self, link):
        scheme, _, rest = link.destination.partition("://")
        host, slash, path = rest.partition("/")
        return f"{scheme}://{host.lower()}{slash}{path}"


@fault("REST-REDIRECT-FOLLOWS-LINK")
class DropsTheFragment(Redirects):
    """The fragment is taken for a thing of browsers, and left out."""

    def destination(self, link):
        return link.destination.partition("#")[0]


@fault("REST-REDIRECT-FOLLOWS-LINK", also=("REST-RESPONSE-CONFORMS-SCHEMA",))
class MovesForGood(Redirects):
    """Browsers are told to keep the redirect for a year, and see no change."""

    def caching(self):
        return "public, max-age=31536000"


@fault("REST-REDIRECT-FOLLOWS-LINK", also=("REST-REDIRECT-UNKNOWN-OR-DISABLED", "REST-RESPONSE-CONFORMS-SCHEMA"))
class VisitorsNeedAToken(Redirects):
    """The gateway asks everybody for a token, visitors of links too."""

    def find(self, code):
        raise RefusalError("unauthenticated", "An access token is required.", headers={"WWW-Authenticate": "Bearer"})


@fault("REST-REDIRECT-FOLLOWS-LINK", also=("REST-READ-YOUR-WRITES",))
class TheFirstDestinationIsCached(Redirects):
    """A cache in front of the database keeps where a code led at first."""

    def __init__(self, *parts):
        super().__init__(*parts)
        self.kept = {}

    def destination(self, link):
        return self.kept.setdefault(link.id, link.destination)


@fault("REST-REDIRECT-UNKNOWN-OR-DISABLED")
class UnknownCodesLeadHome(Redirects):
    """Whoever mistypes a code is sent to the home page."""

    def unknown(self):
        return Response(status=302, headers={"Location": "https://links.example/", "Cache-Control": "no-store"})


@fault("REST-REDIRECT-UNKNOWN-OR-DISABLED")
class DeletedCodesAreCached(Redirects):
    """A cache in front of the database is not told of deletions."""

    def __init__(self, *parts):
        super().__init__(*parts)
        self.kept = {}

    def find(self, code):
        self.kept[code] = super().find(code) or self.kept.get(code)
        return self.kept[code]


@fault("REST-REDIRECT-UNKNOWN-OR-DISABLED")
class DisabledIsForTheList(Redirects):
    """Whether a link is enabled is shown to its owner, and asked nowhere else."""

    def insist_on_open(self, link):
        if link.taken_down or self.expired(link):
            super().insist_on_open(link)


@fault("REST-REDIRECT-UNKNOWN-OR-DISABLED")
class ExpiryIsLeftToAJob(Redirects):
    """A job that runs at night deletes what has expired; until then it can be followed."""

    def expired(self, link):
        return False


@fault("REST-REDIRECT-UNKNOWN-OR-DISABLED")
class WhatExpiresHasExpired(Redirects):
    """A moment of expiry is taken for the end itself, however far it is."""

    def expired(self, link):
        return link.expires_at is not None


@fault("REST-REDIRECT-UNKNOWN-OR-DISABLED")
class WhatIsGoneIsNotFound(Redirects):
    """Disabled and expired links are answered like codes that nobody ever had."""

    def insist_on_open(self, link):
        try:
            super().insist_on_open(link)
        except RefusalError as refusal:
            raise RefusalError("not-found", refusal.detail) if refusal.kind == "gone" else refusal from None


@fault("REST-REDIRECT-TAKEN-DOWN")
class TakenDownIsOnlyNoted(Redirects):
    """The takedown is noted for the owner, and the code goes on to lead to the destination."""

    def insist_on_open(self, link):
        if not link.taken_down:
            super().insist_on_open(link)


@fault("REST-REDIRECT-TAKEN-DOWN")
class SaysWhereItLed(Redirects):
    """Who follows what was taken down is told, to be helpful, where it led."""

    def insist_on_open(self, link):
        if link.taken_down:
            raise RefusalError("taken-down", f"{link.destination} was taken down by a moderator.")
        super().insist_on_open(link)


@fault("REST-REDIRECT-TAKEN-DOWN")
class TurningOnPutsUpAgain(LinkViews):
    """There is one state, and whoever turns the link on again puts up what a moderator has taken down."""

    def changed(self, call, changes):
        turned_on = dict(changes) == {"enabled": True}
        return super().changed(call, {**changes, "taken_down": False} if turned_on else changes)
