"""Notices as they should not be: whom they are told to, how they are signed, and where they go."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from notices import Notices
from places import Places


class TellsTwice(Notices):
    """Tells of a registration when the record is made and when it is complete: one row, two notices."""

    clause = "LEDGER-EACH-COUNTS"

    def publish(self, topic, owner, patient, observers):
        observers = list(observers)
        super().publish(topic, owner, patient, observers)
        if topic == "patient.registered":
            super().publish(topic, owner, patient, observers)


class SignsAnotherSpelling(Notices):
    """Signs the notice as written by another serialiser than the one that wrote the body."""

    clause = "WHS-SIGNS-RAW-BODY"

    def signed(self, delivery):
        return json.dumps(json.loads(delivery.content), separators=(",", ":")).encode()


class DecodesTheKey(Notices):
    """Takes the key for hexadecimal digits, where its characters are the key."""

    clause = "WHS-HMAC-V1-VALID"

    def key(self, observer):
        return bytes.fromhex(observer.key)


class SendsUnsigned(Notices):
    """Leaves the signature out."""

    clause = "WHS-HEADER-SYNTAX"

    def headers(self, delivery):
        return {name: value for name, value in super().headers(delivery).items() if name != "X-Clinic-Signature"}


class AdmitsWhereOneIsListed(Places):
    """Looks whether one of the addresses of a name is listed, and calls the first of them."""

    clause = "WHR-SSRF-DNS"

    def listed(self, addresses, port):
        return any(f"{address}:{port}" in self._listed for address in addresses)


class AsksAgain(Places):
    """Looks at the addresses of a name, then asks for the one to call."""

    clause = "WHR-SSRF-DNS"

    def chosen(self, callback, _found):
        return self.addresses(urlsplit(callback).hostname)[0]


class TellsStrangers(Notices):
    """Tells every observer of every patient."""

    clause = "WHD-TENANT-ISOLATION"

    def concerns(self, _observer, _owner):
        return True


class TriesOnce(Notices):
    """Gives up when the first attempt fails."""

    clause = "WHD-RETRY-UNTIL-SUCCESS"

    schedule = ()


class WaitsAMinute(Notices):
    """Gives every answer a minute, byte by byte."""

    clause = "WHD-ANSWER-BOUNDED"

    timeout = 60.0
