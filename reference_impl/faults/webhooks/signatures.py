"""Ways to get the signatures of deliveries wrong."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import select

from reference_impl.domain.ids import Secrets
from reference_impl.events.dispatcher import Attempts
from reference_impl.events.sender import Sender
from reference_impl.events.signer import Signer
from reference_impl.faults import fault
from reference_impl.storage.tables import LINKS
from reference_impl.storage.webhooks import Webhooks


@fault("WHS-HEADER-SYNTAX")
class VendorHeader(Signer):
    """Sends the signature in a header of its own invention."""

    def headers(self, webhook, event_id, body):
        headers = super().headers(webhook, event_id, body)
        return {"x-links-signature": headers.pop("webhook-signature"), **headers}


@fault("WHS-HEADER-SYNTAX")
class EqualsSignAfterVersion(Signer):
    """Writes v1=… as other vendors do."""

    def entry(self, secret, content):
        return super().entry(secret, content).replace("v1,", "v1=")


@fault("WHS-HEADER-SYNTAX")
class UrlSafeSignature(Signer):
    """Encodes the digest with the alphabet for URLs, without padding."""

    def encode(self, mac):
        return base64.urlsafe_b64encode(mac).decode().rstrip("=")


@fault("WHS-HMAC-V1-VALID")
class KeyAsText(Signer):
    """Uses the characters of the secret as the key, instead of the bytes that they encode."""

    def key_bytes(self, secret):
        return secret.encode()


@fault("WHS-HMAC-V1-VALID")
class HexDigest(Signer):
    """Writes the digest in hexadecimal."""

    def encode(self, mac):
        return mac.hex()


@fault("WHS-HMAC-V1-VALID")
class PlainHash(Signer):
    """Hashes key and content one after the other, which is no HMAC."""

    def mac(self, key, content):
        return hashlib.sha256(key + content).digest()


@fault("WHS-SIGNS-RAW-BODY")
class SignsAnotherSerialisation(Signer):
    """Signs the event as serialised once more, without white space."""

    def signed_content(self, message_id, timestamp, body):
        again = json.dumps(json.loads(body), ensure_ascii=False, separators=(",", ":"))
        return super().signed_content(message_id, timestamp, again.encode())


@fault("WHS-SIGNS-RAW-BODY")
class SignsEscapedText(Signer):
    """Signs a serialisation in which what is not ASCII is escaped, and sends one in which it is not."""

    def signed_content(self, message_id, timestamp, body):
        return super().signed_content(message_id, timestamp, json.dumps(json.loads(body)).encode())


@fault("WHS-SIGNS-RAW-BODY")
class SignsEscapedMarkup(Signer):
    """Signs the body before a serialiser for web pages escaped the angle brackets in it, or after."""

    def signed_content(self, message_id, timestamp, body):
        return super().signed_content(message_id, timestamp, body.replace(b"<", b"\\u003c"))


@fault("WHS-COVERS-ID-AND-TIMESTAMP")
class SignsTheBodyAlone(Signer):
    """Leaves id and timestamp out, so that both can be replaced."""

    def signed_content(self, message_id, timestamp, body):
        return body


@fault("WHS-COVERS-ID-AND-TIMESTAMP")
class KeepsAnEntryForOldConsumers(Signer):
    """Adds an entry over the body alone, so that a replay with another timestamp is accepted."""

    def entry(self, secret, content):
        return f"{super().entry(secret, content)} {super().entry(secret, content.split(b'.', 2)[2])}"


@fault("WHS-TIMESTAMP-FORM-FRESH")
class Milliseconds(Signer):
    """Writes the timestamp in milliseconds."""

    def timestamp(self):
        return str(int(self.clock.seconds() * 1000))


@fault("WHS-TIMESTAMP-FORM-FRESH")
class IsoDate(Signer):
    """Writes the timestamp as a date."""

    def timestamp(self):
        return self.clock.timestamp()


@fault("WHS-TIMESTAMP-NEW-PER-ATTEMPT")
class StoredSignature(Signer):
    """Signs an event once for each receiver, and sends the same headers with every attempt."""

    def headers(self, webhook, event_id, body):
        signed = vars(self).setdefault("signed", {})
        return signed.setdefault((webhook.id, event_id), super().headers(webhook, event_id, body))


@fault("WHS-TIMESTAMP-NEW-PER-ATTEMPT")
class TimeOfTheEvent(Signer):
    """Stamps the signature with the time at which the event happened."""

    def signed_content(self, message_id, timestamp, body):
        return super().signed_content(message_id, self.happened(body), body)

    def headers(self, webhook, event_id, body):
        return {**super().headers(webhook, event_id, body), "webhook-timestamp": self.happened(body)}

    def happened(self, body):
        moment = datetime.fromisoformat(json.loads(body)["time"])
        return str(int(moment.astimezone(UTC).timestamp()))


@fault("WHS-TIMESTAMP-NEW-PER-ATTEMPT")
class BodyMadeAnew(Attempts):
    """Makes the body anew for every attempt, with the time of the attempt in it."""

    def body(self, delivery):
        return json.dumps({**json.loads(delivery.body), "time": self.signer.clock.timestamp()}).encode()


@fault("WHS-TIMESTAMP-NEW-PER-ATTEMPT")
class RetriesTellOfToday(Attempts):
    """Makes the body of each attempt out of the object as it is then."""

    def body(self, delivery):
        event = json.loads(super().body(delivery))
        found = self.deliveries.database.row(select(LINKS).where(LINKS.c.id == event["data"].get("id")))
        known = {name: found[name] for name in event["data"] if found and name in found}
        return json.dumps({**event, "data": event["data"] | known}).encode()


@fault("WHS-ID-STABLE-UNIQUE")
class IdOfTheAttempt(Signer):
    """Gives every attempt an id, so that duplicates look like news."""

    def message_id(self, event_id):
        return "evt_" + secrets.token_hex(10)


@fault("WHS-ID-STABLE-UNIQUE")
class IdFromTheClock(Signer):
    """Takes the day for the id, so that different events share one."""

    def message_id(self, event_id):
        return f"evt_{self.clock.timestamp()[:10].replace('-', ''):0>20}"


@fault("WHS-SECRET-FORM")
class HexSecret(Secrets):
    """Shows the key in hexadecimal, without the prefix."""

    def new(self):
        return secrets.token_hex(self.size)


@fault("WHS-SECRET-FORM")
class ShortSecret(Secrets):
    """Makes keys of 16 bytes."""

    size = 16


@fault("WHS-SECRET-FORM")
class UrlSafeSecret(Secrets):
    """Encodes keys with the alphabet for URLs, which consumers fail to decode."""

    def encode(self, key):
        return base64.urlsafe_b64encode(key).decode()


@fault("WHS-SECRET-PER-ENDPOINT")
class SecretOfTheOwner(Webhooks):
    """Gives all receivers of an owner one secret."""

    def new_secret(self, owner):
        return "whsec_" + base64.b64encode(hashlib.sha256(owner.encode()).digest()).decode()


@fault("WHS-SECRET-PER-ENDPOINT")
class SecretOfThePlatform(Secrets):
    """Gives all receivers one secret."""

    def new(self):
        return vars(self).setdefault("only", super().new())


@fault("WHS-ROTATION-OVERLAP")
class NewSecretAlone(Signer):
    """Drops the former secret at once."""

    def secrets(self, webhook):
        return [webhook.secret]


@fault("WHS-ROTATION-OVERLAP")
class CommaBetweenEntries(Signer):
    """Separates the entries by commas, as other headers do."""

    separator = ","


@fault("WHS-ROTATION-OVERLAP")
class OldSecretAlone(Signer):
    """Signs with the former secret until the overlap is over, and with the new one only then."""

    def secrets(self, webhook):
        return super().secrets(webhook)[-1:]


@fault("WHS-ROTATION-OLD-RETIRED")
class OldSecretForEver(Signer):
    """Never retires the former secret."""

    def overlapping(self, webhook):
        return True


@fault("WHS-NO-SECRET-IN-DELIVERY")
class SecretForDebugging(Signer):
    """Sends the secret along, left over from debugging."""

    def headers(self, webhook, event_id, body):
        return {**super().headers(webhook, event_id, body), "x-debug-key": webhook.secret}


@fault("WHS-NO-SECRET-IN-DELIVERY")
class InternalCredential(Sender):
    """Sends every receiver the credential with which the platform's own services call each other."""

    def fields(self, receiver, headers):
        return {**super().fields(receiver, headers), "Authorization": "Basic aW50ZXJuYWw6aW50ZXJuYWw="}


@fault("WHS-ROTATION-OVERLAP")
class RetriesAreSignedOnce(Attempts):
    """What is tried again is signed with the secret of now alone."""

    def answer(self, delivery, webhook):
        return super().answer(delivery, replace(webhook, previous_secret=None) if delivery.attempts else webhook)


@fault("WHS-ROTATION-OVERLAP")
class TheFirstSecretStaysTheFormer(Webhooks):
    """While a former secret still signs, a further rotation leaves it as it is."""

    def rotation(self, webhook):
        values = super().rotation(webhook)
        return {**values, "previous_secret": webhook.previous_secret or webhook.secret}


@fault("WHS-ROTATION-OVERLAP")
class OneOverlapForAllRotations(Webhooks):
    """A rotation within the overlap of another one leaves its end where it is."""

    def rotation(self, webhook):
        runs = webhook.previous_until > self.clock.seconds()
        return super().rotation(webhook) | ({"previous_until": webhook.previous_until} if runs else {})
