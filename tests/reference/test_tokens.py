"""Who gets in: access tokens of the own and of a trusted issuer, and the token endpoint."""

from __future__ import annotations

import base64
import hmac
import json
import time

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec

from .support import ALL_SCOPES, BOUND, Account, Issuer


def segment(value):
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def presented(platform, token, scheme="Bearer"):
    headers = {"Authorization": f"{scheme} {token}".encode("latin-1", "replace")}
    return requests.get(f"{platform.url}/v1/links", headers=headers, timeout=BOUND)


def refused(response):
    challenge = response.headers.get("WWW-Authenticate", "")
    return response.status_code == 401 and challenge.startswith("Bearer ") and 'error="invalid_token"' in challenge


def token_request(platform, auth=("app", "s3cret"), **form):
    form = {"grant_type": "client_credentials"} | form
    return requests.post(f"{platform.url}/oauth/token", data=form, auth=auth, timeout=BOUND)


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
@pytest.mark.parametrize("header", [{}, {"typ": "application/at+jwt"}, {"typ": "AT+JWT"}])
def test_a_sound_token_is_accepted(platform, issuer, scheme, header):
    assert presented(platform, issuer.token(platform.url, header), scheme).status_code == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": 1},
        {"exp": None},
        {"exp": "9999999999"},
        {"exp": True},
        {"exp": [9999999999]},
        {"nbf": 9999999999},
        {"nbf": "soon"},
        {"iat": 9999999999},
        {"aud": "https://other.example"},
        {"aud": None},
        {"aud": [None, 1]},
        {"aud": {"a": 1}},
        {"iss": "https://other.example"},
        {"iss": None},
        {"iss": 7},
        {"sub": None},
        {"sub": 7},
        {"sub": ""},
        {"sub": "nul\0"},
    ],
    ids=str,
)
def test_wrong_claims_are_refused(platform, issuer, claims):
    assert refused(presented(platform, issuer.token(claims.pop("aud", platform.url), **claims)))


@pytest.mark.parametrize(
    "header",
    [{"typ": "JWT"}, {"typ": None}, {"kid": "other"}, {"kid": "../../k1"}, {"crit": ["exp"], "exp": 1}],
    ids=str,
)
def test_wrong_headers_are_refused(platform, issuer, header):
    assert refused(presented(platform, issuer.token(platform.url, header)))


def test_the_audience_may_be_one_of_several(platform, issuer):
    assert presented(platform, issuer.token(["https://other.example", platform.url])).status_code == 200


def test_forged_signatures_are_refused(platform, issuer):
    good = issuer.token(platform.url)
    head, claims, signature = good.split(".")
    foreign = Issuer()
    try:
        forged = foreign.token(platform.url, iss=issuer.url)
    finally:
        foreign.close()
    public = json.dumps(issuer.documents["/keys"]["keys"][0])
    none = segment({"alg": "nOnE", "typ": "at+jwt", "kid": "k1"})
    by_hmac = f"{segment({'alg': 'HS256', 'typ': 'at+jwt', 'kid': 'k1'})}.{claims}"
    by_hmac += "." + segment(hmac.digest(public.encode(), by_hmac.encode(), "sha256"))
    jwk = segment({"alg": "ES256", "typ": "at+jwt", "jwk": json.loads(public)})
    for token in (
        f"{head}.{claims}.",
        f"{head}.{claims}",
        f"{none}.{claims}.",
        f"{none}.{claims}.{signature}",
        f"{head}.{segment({'iss': issuer.url, 'exp': 9999999999})}.{signature}",
        f"{head}.{claims}.{segment(bytes(64))}",
        f"{jwk}.{claims}.{signature}",
        f"{good}=",
        forged,
        by_hmac,
    ):
        assert refused(presented(platform, token)), token


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "a.b.c",
        "....",
        "a.b.c.d.e",
        "é" * 20,
        "A" * 16000,
        "two tokens",
        f"{segment(b'[' * 9000)}.{segment({})}.x",
        f"{segment({'alg': 'ES256', 'typ': 'at+jwt'})}.{segment(b'1' * 6000)}.AA",
        f"{segment([])}.{segment([])}.{segment([])}",
        f"{segment({'alg': ['ES256'], 'typ': ['at+jwt'], 'kid': {}})}.{segment({'iss': {}})}.AA",
        segment({"alg": "ES256", "typ": "at+jwt"}) + "." + segment(b'{"iss": "\xff"}') + ".AA",
    ],
)
def test_garbage_is_refused_as_an_invalid_token(platform, token):
    assert refused(presented(platform, token))


def test_no_token_another_scheme_and_a_token_elsewhere_are_refused_without_an_error_code(platform, issuer):
    token = issuer.token(platform.url)
    for response in (
        requests.get(f"{platform.url}/v1/links", timeout=BOUND),
        requests.get(f"{platform.url}/v1/links?access_token={token}", timeout=BOUND),
        requests.post(f"{platform.url}/v1/links", json={"access_token": token}, timeout=BOUND),
        presented(platform, "YTpi", "Basic"),
    ):
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"].startswith("Bearer resource_metadata=")


def test_two_authorization_fields_are_refused(platform, issuer):
    token = issuer.token(platform.url)

    assert refused(presented(platform, f"{token},Bearer {token}"))


def test_a_new_key_of_a_trusted_issuer_is_found_and_a_withdrawn_one_forgotten(platform):
    with_keys = Issuer()
    with_keys.close()  # whose keys cannot be had is no reason for a server error

    assert refused(presented(platform, with_keys.token(platform.url)))


def test_a_rolled_key_is_fetched_at_once(platform, issuer):
    former, issuer.key = issuer.key, ec.generate_private_key(ec.SECP256R1())
    issuer.publish({"k1": former, "k2": issuer.key})
    try:
        assert presented(platform, issuer.token(platform.url, {"kid": "k2"})).status_code == 200
    finally:
        issuer.key = former


def test_scopes_are_whole_words_and_all_of_them_are_needed(platform, issuer):
    for scope in ("links:write", "links:rea", "LINKS:READ", "", None, ["links:read"], "links:read,links:write"):
        response = presented(platform, issuer.token(platform.url, scope=scope))
        challenge = response.headers["WWW-Authenticate"]

        assert response.status_code == 403
        assert 'error="insufficient_scope"' in challenge
        assert 'scope="links:read"' in challenge


def test_a_client_gets_a_token_that_is_accepted(platform):
    answer = token_request(platform)
    token = answer.json()
    header = jwt.get_unverified_header(token["access_token"])
    claims = jwt.decode(token["access_token"], options={"verify_signature": False})

    assert answer.headers["Cache-Control"] == "no-store"
    assert (token["token_type"], token["expires_in"], token["scope"]) == ("Bearer", 600, ALL_SCOPES)
    assert (header["typ"], header["alg"]) == ("at+jwt", "ES256")
    assert claims.keys() == {"iss", "sub", "aud", "exp", "iat", "jti", "client_id", "scope"}
    assert (claims["iss"], claims["aud"], claims["sub"]) == (platform.url, platform.url, "client:app")
    assert abs(claims["iat"] - time.time()) < 5
    assert Account(platform.url, token["access_token"]).call("GET", "/v1/links").status_code == 200
    assert token_request(platform).json()["access_token"] != token["access_token"]


@pytest.mark.parametrize(
    ("auth", "form", "status", "error"),
    [
        (("app", "wrong"), {}, 401, "invalid_client"),
        (("nobody", "x"), {}, 401, "invalid_client"),
        (("nul\0", "x"), {}, 401, "invalid_client"),
        (("\xff", "x"), {}, 401, "invalid_client"),
        (None, {}, 401, "invalid_client"),
        (None, {"client_id": "app", "client_secret": "wrong"}, 401, "invalid_client"),
        (("app", "s3cret"), {"client_id": "app", "client_secret": "s3cret"}, 400, "invalid_request"),
        (("app", "s3cret"), {"grant_type": "password"}, 400, "unsupported_grant_type"),
        (("app", "s3cret"), {"grant_type": 'x"\\ü'}, 400, "unsupported_grant_type"),
        (("app", "s3cret"), {"scope": "links:read admin"}, 400, "invalid_scope"),
        (("partner", "p4rtner"), {"scope": "links:read links:write"}, 400, "invalid_scope"),
        (("app", "s3cret"), {"scope": ["links:read", "links:write"]}, 400, "invalid_request"),
    ],
)
def test_the_token_endpoint_refuses_as_oauth_prescribes(platform, auth, form, status, error):
    refusal = token_request(platform, auth, **form)

    assert (refusal.status_code, refusal.json()["error"]) == (status, error)
    assert refusal.headers["Content-Type"] == "application/json"
    assert refusal.headers["Cache-Control"] == "no-store"
    assert ("WWW-Authenticate" in refusal.headers) == (status == 401)


def test_scopes_are_granted_as_asked_for_and_all_without_asking(platform):
    assert token_request(platform, scope="links:read").json()["scope"] == "links:read"
    assert token_request(platform, scope="").json()["scope"] == ALL_SCOPES
    assert token_request(platform, resource="").status_code == 200
    by_post = token_request(platform, auth=None, client_id="app", client_secret="s3cret")
    assert by_post.json()["scope"] == ALL_SCOPES


def test_credentials_in_the_query_string_are_not_looked_at(platform):
    query = "?grant_type=client_credentials&client_id=app&client_secret=s3cret"
    answer = requests.post(f"{platform.url}/oauth/token{query}", data={"x": "1"}, timeout=BOUND)

    assert answer.status_code in {400, 401}


def test_a_forged_host_changes_nothing(platform):
    for path in ("/.well-known/openid-configuration", "/.well-known/oauth-protected-resource"):
        plain = requests.get(platform.url + path, timeout=BOUND).json()
        forged = requests.get(
            platform.url + path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"}, timeout=BOUND
        ).json()
        assert plain == forged
    forged = requests.post(
        f"{platform.url}/oauth/token",
        data={"grant_type": "client_credentials"},
        auth=("app", "s3cret"),
        headers={"Host": "evil.example"},
        timeout=BOUND,
    )
    assert forged.status_code == 200


def test_the_published_keys_are_public_only(platform):
    keys = requests.get(f"{platform.url}/oauth/jwks", timeout=BOUND).json()["keys"]

    private = {"d", "p", "q", "dp", "dq", "qi", "k"}

    assert [key["alg"] for key in keys] == ["ES256", "ES256", "RS256"], "the next key is published ahead"
    assert [key["kid"] for key in keys if private & key.keys()] == []


def test_a_token_names_the_tenant_of_a_client_that_has_one(platform):
    def tenant(client):
        token = token_request(platform, client).json()["access_token"]
        return jwt.decode(token, options={"verify_signature": False}).get("tenant")

    assert (tenant(("partner", "p4rtner")), tenant(("app", "s3cret"))) == ("acme", None)


def test_the_partner_tier_is_refused_above_its_quota(platform):
    partner = Account(platform.url, token_request(platform, ("partner", "p4rtner")).json()["access_token"])
    answers = [partner.call("GET", "/v1/links") for _ in range(11)]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
    assert answers[0].headers["RateLimit-Policy"] == '"partner";q=10;w=60'
    assert answers[-1].headers["RateLimit"].startswith('"partner";r=0;t=')
