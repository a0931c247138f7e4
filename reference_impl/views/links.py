"""Links, and following them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response

from reference_impl.domain.entities import Click, Link
from reference_impl.domain.refusals import RefusalError, conflict, not_found
from reference_impl.domain.timestamps import in_utc
from reference_impl.views.binding import operation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from _typeshed.wsgi import WSGIEnvironment
    from werkzeug.datastructures import Headers

    from reference_impl.events.counting import Counting
    from reference_impl.events.outbox import Outbox
    from reference_impl.gateway.call import Call
    from reference_impl.storage.links import Links
    from reference_impl.views.representations import LinkRepresentation
    from reference_impl.views.tools import Tools


class LinkViews:
    """What an owner does with links."""

    patchable = ("destination", "title", "enabled", "expires_at")

    def __init__(self, links: Links, shown: LinkRepresentation, tools: Tools, reserved: frozenset[str]) -> None:
        self.links = links
        self.shown = shown
        self.tools = tools
        self.reserved = reserved  # codes that no link can have

    @operation("createLink")
    def create(self, call: Call) -> Response:
        link = self.make(self.owner(call), call.principal.tenant_key, call.body)
        return self.tools.answers.created(link, self.shown.document(link))

    @operation("listLinks")
    def list(self, call: Call) -> Response:
        items, following = self.tools.pages.page(call, self.links.page)
        return self.tools.unless_known(call, self.tools.answers.page(call, self.shown.page(items), following))

    @operation("getLink")
    def show(self, call: Call) -> Response:
        link = call.subject_of(Link)
        return self.tools.unless_known(call, self.tools.answers.entity(link, self.shown.document(link)))

    @operation("updateLink")
    def update(self, call: Call) -> Response:
        return self.changed(call, self.in_utc(self.tools.patch.changes(call.body, self.patchable)))

    @operation("replaceLink")
    def replace(self, call: Call) -> Response:
        """What the new state leaves out is as in a new link."""
        return self.changed(call, self.in_utc({"title": None, "enabled": True, "expires_at": None, **call.body}))

    @operation("deleteLink")
    def delete(self, call: Call) -> Response:
        link = self.links.remove(call.subject_of(Link), call.expected)
        if link is None:
            raise self.tools.too_late(call)
        self.publish("link.deleted", link)
        return self.tools.answers.empty()

    @operation("takeDownLink")
    def take_down(self, call: Call) -> Response:
        return self.changed(call, {"taken_down": True})

    def changed(self, call: Call, changes: Mapping[str, Any]) -> Response:
        """The link with new values, unless somebody was faster."""
        link = self.links.update(call.subject_of(Link), changes, call.expected)
        if link is None:
            raise self.tools.too_late(call)
        self.publish("link.updated", link)
        return self.tools.answers.entity(link, self.shown.document(link))

    def make(self, owner: str, tenant: str, new: Mapping[str, Any]) -> Link:
        """The new link, which is told to the tenant; a code that is taken is a conflict."""
        if new.get("code") in self.reserved:
            raise conflict("The code is taken.")
        link = self.links.add(owner, tenant, self.in_utc(new))
        self.publish("link.created", link)
        return link

    def owner(self, call: Call) -> str:
        return call.owner

    def in_utc(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """What was given, with its moment as we write moments."""
        expiry = given.get("expires_at")
        return {**given, "expires_at": self.links.clock.written(in_utc(expiry))} if expiry else given

    def publish(self, kind: str, link: Link) -> None:
        self.tools.outbox.publish(kind, owner=link.tenant, source=link.path, data=self.shown.document(link))


class Redirect(Response):
    """A redirect that leaves its destination as it is; Werkzeug would write the host in small letters."""

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        headers = super().get_wsgi_headers(environ)
        headers["Location"] = self.headers["Location"]
        return headers


class Redirects:
    """The public door: a code leads to the destination."""

    status = 302

    def __init__(self, links: Links, outbox: Outbox, counting: Counting) -> None:
        self.links = links
        self.outbox = outbox
        self.counting = counting

    @operation("followLink")
    def follow(self, call: Call) -> Response:
        link = self.find(call.path["code"])
        if link is None:
            return self.unknown()
        self.insist_on_open(link)
        response = Redirect(status=self.status)
        del response.headers["Content-Type"]
        response.headers["Location"] = self.destination(link)
        response.headers["Cache-Control"] = self.caching()
        if call.request.method == "GET":  # HEAD looks, and does not visit
            response.call_on_close(lambda: self.record(link))
        return response

    def find(self, code: str) -> Link | None:
        return self.links.by_code(code)

    def unknown(self) -> Response:
        raise not_found()

    def insist_on_open(self, link: Link) -> None:
        if link.taken_down:
            raise RefusalError("taken-down", "What the link led to was taken down by a moderator.")
        if not link.enabled:
            raise RefusalError("gone", "The link is disabled.")
        if self.expired(link):
            raise RefusalError("gone", "The link has expired.")

    def expired(self, link: Link) -> bool:
        """Both moments are written alike, so that their texts compare as they do."""
        return link.expires_at is not None and link.expires_at <= self.outbox.envelopes.time()

    def destination(self, link: Link) -> str:
        """Byte for byte what was stored."""
        return link.destination

    def caching(self) -> str:
        return "no-store"

    def record(self, link: Link) -> None:
        """Publishes the visit, after the answer has been sent."""
        now = self.outbox.envelopes.time()
        data = {"link_id": link.id, "code": link.code, "clicked_at": now}
        with self.outbox.database.transaction():
            event_id = self.outbox.publish("link.clicked", owner=link.tenant, source=link.path, data=data)
            self.counting.note(Click(event_id=event_id, link_id=link.id, clicked_at=now))
