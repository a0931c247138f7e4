"""Ways to accept a genuine token that is not meant for this API, or not for now."""

from __future__ import annotations

import math
from dataclasses import replace

from reference_impl.domain.entities import Principal
from reference_impl.faults import fault
from reference_impl.gateway.credentials import Authentication
from reference_impl.oauth.openid import PersonalClaims
from reference_impl.oauth.trust import UnknownKeyError
from reference_impl.oauth.verifier import InvalidTokenError, TokenVerifier


@fault("JWT-EXPIRED")
class NeverLooksAtTheClock(TokenVerifier):
    """Insists on an expiry, and does not compare it with anything."""

    def check_expiry(self, claims):
        self.seconds(claims, "exp")


@fault("JWT-EXPIRED")
class TakesTheExpiryForMilliseconds(TokenVerifier):
    """Compares an expiry in milliseconds with a clock in seconds."""

    def check_expiry(self, claims):
        if self.seconds(claims, "exp") * 1000 <= self.now():
            raise InvalidTokenError("it has expired")


@fault("JWT-EXPIRED")
class TakesZeroForNever(TokenVerifier):
    """Asks whether there is an expiry by its truth, and zero is false."""

    def check_expiry(self, claims):
        if claims.get("exp") != 0:
            super().check_expiry(claims)


@fault("JWT-NOT-YET-VALID")
class IgnoresNotBefore(TokenVerifier):
    """Does not look at nbf."""

    def check_not_before(self, claims):
        """Nothing is checked."""


@fault("JWT-EXP-MALFORMED")
class TakesAMissingExpiryForNever(TokenVerifier):
    """Looks at the expiry if there is one."""

    def check_expiry(self, claims):
        super().check_expiry(claims if claims.get("exp") is not None else {"exp": 4e9})


@fault("JWT-EXP-MALFORMED")
class TakesTextForATime(TokenVerifier):
    """Turns text into a number where a number is due."""

    def seconds(self, claims, name):
        value = claims.get(name)
        return float(value) if isinstance(value, str) else super().seconds(claims, name)


@fault("JWT-EXP-MALFORMED")
class ComparesWhateverIsThere(TokenVerifier):
    """Compares the expiry with the clock without a look at its type."""

    def seconds(self, claims, name):
        return claims[name]


@fault("JWT-EXP-MALFORMED")
class BelievesInEternity(TokenVerifier):
    """Accepts a number without an end, which never passes."""

    def check_expiry(self, claims):
        if claims.get("exp") != math.inf:
            super().check_expiry(claims)


@fault("JWT-ISSUER")
class ComparesTheBeginningOfTheIssuer(TokenVerifier):
    """Trusts an issuer whose name begins with that of a trusted one."""

    def trusts(self, issuer):
        return isinstance(issuer, str) and issuer.startswith(tuple(self.issuers.names))

    def key_for(self, header, issuer):
        return super().key_for(header, next(name for name in self.issuers.names if issuer.startswith(name)))


@fault("JWT-ISSUER")
class ComparesIssuersWithoutCase(TokenVerifier):
    """Trusts an issuer in any spelling of a trusted one."""

    def trusts(self, issuer):
        return isinstance(issuer, str) and issuer.lower() in self.issuers.names

    def key_for(self, header, issuer):
        return super().key_for(header, issuer.lower())


@fault("JWT-ISSUER")
class PoolsTheKeysOfAllIssuers(TokenVerifier):
    """Verifies with the key of that id, whichever trusted issuer it belongs to."""

    def key_for(self, header, issuer):
        for name in self.issuers.names - {issuer}:
            try:
                return self.issuers.key(name, header.get("kid"))
            except UnknownKeyError:
                continue
        return super().key_for(header, issuer)

    def check_revocation(self, claims):
        pass


@fault("JWT-ISSUER")
class NeverLooksAtTheIssuer(TokenVerifier):
    """Accepts in any name what a key of some trusted issuer has signed."""

    def trusts(self, issuer):
        return True

    def key_for(self, header, issuer):
        for name in self.issuers.names:
            try:
                return self.issuers.key(name, header.get("kid"))
            except UnknownKeyError:
                continue
        raise InvalidTokenError("its key is unknown")


@fault("JWT-AUDIENCE")
class NeverLooksAtTheAudience(TokenVerifier):
    """Has the verification of the audience disabled, since it failed at first."""

    def is_meant(self, audience):
        return True


@fault("JWT-AUDIENCE")
class FindsItselfInTheText(TokenVerifier):
    """Looks for its own name anywhere in the text of the audience."""

    def is_meant(self, audience):
        return self.audience in str(audience)


@fault("JWT-AUDIENCE")
class TakesAMissingAudienceForItself(TokenVerifier):
    """Compares the audience if there is one."""

    def is_meant(self, audience):
        return not audience or super().is_meant(audience)


@fault("JWT-AUDIENCE")
class TakesASlashOffTheAudience(TokenVerifier):
    """A slash at the end of an address is taken for nothing."""

    def is_meant(self, audience):
        listed = audience if isinstance(audience, list) else [audience]
        return self.audience in [str(each).rstrip("/") for each in listed]


@fault("JWT-AUDIENCE-ARRAY")
class ComparesTheAudienceAsText(TokenVerifier):
    """Expects the audience to be one text."""

    def is_meant(self, audience):
        return audience == self.audience


@fault("JWT-TYPE-HEADER")
class NeverLooksAtTheType(TokenVerifier):
    """Takes every signed JWT for an access token."""

    def check_type(self, header):
        """Nothing is checked."""


@fault("JWT-TYPE-HEADER")
class TakesAMissingTypeForItsOwn(TokenVerifier):
    """Looks at the type if there is one."""

    def check_type(self, header):
        if "typ" in header:
            super().check_type(header)


@fault("JWT-TYPE-SPELLING")
class ComparesTheTypeAsText(TokenVerifier):
    """Knows the type in one spelling only."""

    def check_type(self, header):
        if header.get("typ") != self.declared["typ"]:
            raise InvalidTokenError("it is not an access token")


@fault("JWT-CRIT-UNKNOWN")
class IgnoresCriticalExtensions(TokenVerifier):
    """Does not look at crit."""

    def check_critical(self, header):
        """Nothing is checked."""


@fault("JWT-CRIT-UNKNOWN")
class MissesEmptyCriticalLists(TokenVerifier):
    """Goes through the critical extensions one by one, and finds nothing wrong with none."""

    def check_critical(self, header):
        if header.get("crit") != []:
            super().check_critical(header)


@fault("JWT-SUBJECT-EXACT")
class SubjectsHaveNoCase(Authentication):
    """Names principals in small letters, as accounts of people are."""

    def principal(self, claims):
        return replace(super().principal(claims), subject=claims["sub"].lower())


@fault("JWT-SUBJECT-EXACT")
class SubjectsAreCut(Authentication):
    """Names principals by as much of a subject as the column of their table holds."""

    def principal(self, claims):
        return replace(super().principal(claims), subject=claims["sub"][:64])


@fault("JWT-SUBJECT-NAMESPACE")
class KnowsSubjectsWithoutTheirIssuer(Authentication):
    """Names principals by the subject alone."""

    def principal(self, claims):
        return replace(super().principal(claims), issuer="")


class Worldwide(Principal):
    """A principal whose tenant is known by its name alone."""

    @property
    def tenant_key(self):
        return f" {self.tenant}" if self.tenant else self.key


@fault("JWT-TENANT-NAMESPACE")
class KnowsTenantsWithoutTheirIssuer(Authentication):
    """Names tenants by what the token says, whoever signed it."""

    def principal(self, claims):
        return Worldwide(**vars(super().principal(claims)))


@fault("JWT-NUMERIC-DATE")
class TimesAreWholeNumbers(TokenVerifier):
    """A time with a fraction is no time."""

    def seconds(self, claims, name):
        return super().seconds({**claims, name: None} if isinstance(claims.get(name), float) else claims, name)


@fault("JWT-NUMERIC-DATE")
class TimeEndsIn2038(TokenVerifier):
    """A time has 32 bits, one of them for the sign."""

    def seconds(self, claims, name):
        found = super().seconds(claims, name)
        return found if found < 2**31 else found - 2**32


@fault("JWT-SUBJECT-NAMESPACE")
class PersonsAreFoundBySubject(PersonalClaims):
    """A person is looked up by the subject of the token, whoever has issued it."""

    def userinfo(self, principal):
        return super().userinfo(replace(principal, issuer=self.issuer))


@fault("JWT-TENANT-NAMESPACE")
class TenantsAreInSmallLetters(Authentication):
    """Names of tenants are compared as people would."""

    def tenant(self, claims):
        return super().tenant(claims).lower()


@fault("JWT-NOT-YET-VALID")
class WholeSecondsAlone(TokenVerifier):
    """`nbf` is looked at where it is a whole number."""

    def check_not_before(self, claims):
        super().check_not_before(claims if isinstance(claims.get("nbf"), int) else {})
