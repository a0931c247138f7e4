"""Who are you? Asked first, on every protected operation."""

from conformance.identity.forged_tokens import Forger
from conformance.judgement.expectations import accepted, challenge, challenge_without, challenged, refused, status
from conformance.marks import for_each_operation, for_one_operation, given, requirement, variants
from conformance.selection.operations import (
    bearer_authenticated,
    both,
    changing,
    creation,
    declaring,
    keyed,
    private,
    private_read,
    public,
    reading,
    secured,
    taking_json,
)

bearing_401 = both(bearer_authenticated, declaring(401))
secured_401 = both(secured, declaring(401))


@requirement("AUTH-REQUIRED-EVERY-OPERATION")
@for_each_operation(secured)
def test_without_credentials_nothing_is_given(nobody, ready):
    """A request that was just accepted is sent again without credentials; it is refused."""
    reply = nobody.send(ready.request)

    assert reply == refused


@requirement("AUTH-REQUIRED-EVERY-OPERATION")
@for_each_operation(both(secured, reading))
def test_without_credentials_not_even_the_head_is_given(nobody, ready):
    """HEAD instead of GET, without credentials, is refused."""
    reply = nobody.send(ready.request.with_method("HEAD"))

    assert reply == refused


@requirement("AUTH-401-STATUS")
@for_each_operation(secured_401)
def test_the_refusal_is_the_declared_one(nobody, ready):
    """A request without credentials is answered with the 401 that the contract declares."""
    reply = nobody.send(ready.request)

    assert reply == status(401)


@requirement("AUTH-PUBLIC-OPERATIONS-OPEN")
@for_each_operation(public)
def test_what_is_public_needs_no_credentials(nobody, operation, owner, arranger):
    """A valid request without credentials gets a declared success."""
    reply = nobody.send(arranger.request(operation, owner))

    assert reply == accepted(operation)


@requirement("AUTH-401-CHALLENGE")
@for_each_operation(secured_401)
def test_the_refusal_says_how_to_authenticate(nobody, ready):
    """The 401 to a request without credentials carries a well-formed challenge of a scheme that the operation takes."""
    reply = nobody.send(ready.request)

    assert reply == challenged(ready.operation)


@requirement("AUTH-401-INVALID-TOKEN")
@for_each_operation(bearing_401)
@given("access_token")
def test_what_is_no_token_is_called_invalid(present):
    """Something that is no token is answered with 401 and the error invalid_token in the challenge."""
    reply = present("not-a-token")

    assert reply == status(401) & challenge("Bearer", error="invalid_token")


@requirement("AUTH-401-INVALID-TOKEN")
@for_one_operation(bearing_401)
@given("access_token")
def test_a_spoilt_token_is_called_invalid(present, spoilt):
    """A sound token with one character changed is answered with 401 and the error invalid_token in the challenge."""
    reply = present(spoilt)

    assert reply == status(401) & challenge("Bearer", error="invalid_token")


@requirement("AUTH-401-INVALID-TOKEN")
@for_one_operation(bearing_401)
@variants(
    "forged",
    {
        "expired": Forger.expired,
        "early": Forger.early,
        "foreign": Forger.foreign,
        "unsecured": lambda forge: forge.unsecured("none"),
        "audience": lambda forge: forge.minted(aud="https://other.example"),
        "issuer": lambda forge: forge.minted(iss="https://issuer.example"),
    },
)
def test_a_forged_token_is_called_invalid(forge, present, forged):
    """A token that cannot be accepted is answered with 401 and the error invalid_token, whatever is wrong with it."""
    reply = present(forged(forge))

    assert reply == status(401) & challenge("Bearer", error="invalid_token")


@requirement("AUTH-401-NO-CREDENTIALS-NO-CODE")
@for_each_operation(bearing_401)
def test_who_sent_nothing_is_told_of_no_error(nobody, ready):
    """The challenge to a request without credentials holds no error."""
    reply = nobody.send(ready.request)

    assert reply == challenge_without("error")


@requirement("AUTH-SCHEME-CASE-INSENSITIVE")
@for_one_operation(bearer_authenticated)
@variants("scheme", {"lower": "bearer", "upper": "BEARER"})
def test_the_scheme_is_known_in_any_case(nobody, ready, scheme):
    """The scheme's name in lower and in upper case opens the door as Bearer does."""
    reply = nobody.send(ready.request.with_header("Authorization", f"{scheme} {ready.token}"))

    assert reply == accepted(ready.operation)


@requirement("AUTH-OTHER-SCHEME-REJECTED")
@for_one_operation(bearer_authenticated)
@variants("scheme", {"basic": "Basic", "digest": "Digest", "mutual": "Mutual"})
def test_another_scheme_does_not_carry_the_token(nobody, ready, scheme):
    """A sound token under the name of another registered scheme is refused."""
    reply = nobody.send(ready.request.with_header("Authorization", f"{scheme} {ready.token}"))

    assert reply == refused


@requirement("AUTH-TOKEN-IN-QUERY-REJECTED")
@for_each_operation(bearer_authenticated)
def test_a_token_in_the_address_is_no_credential(nobody, ready):
    """A sound token in the query, where RFC 6750 once put it, is refused."""
    reply = nobody.send(ready.request.with_query(access_token=ready.token))

    assert reply == refused


@requirement("AUTH-TOKEN-IN-QUERY-REJECTED")
@for_one_operation(bearer_authenticated)
@variants("name", {name: name for name in ("token", "auth", "api_key", "jwt", "bearer")})
def test_a_token_under_another_name_is_no_credential(nobody, ready, name):
    """A sound token in the query, under a name that is common for it, is refused."""
    reply = nobody.send(ready.request.with_query(**{name: ready.token}))

    assert reply == refused


@requirement("AUTH-TWO-CREDENTIALS")
@for_one_operation(both(private_read, bearer_authenticated))
@variants("order", {"owner-first": 1, "owner-last": -1})
def test_of_two_credentials_none_is_chosen(nobody, ready, bob, order):
    """Two Authorization fields, of the owner and of a stranger, are refused in either order."""
    first, second = [f"Bearer {ready.token}", f"Bearer {bob.token}"][::order]
    reply = nobody.send(ready.request.with_header("Authorization", first).also_header("Authorization", second))

    assert reply == refused


@requirement("AUTH-TWO-CREDENTIALS")
@for_one_operation(both(private_read, bearer_authenticated))
def test_the_stronger_of_two_credentials_is_not_chosen(bob, ready):
    """A stranger's token in the header and the owner's in the query are refused."""
    reply = bob.send(ready.request.with_query(access_token=ready.token))

    assert reply == refused


@requirement("AUTH-BEFORE-VALIDATION")
@for_each_operation(both(secured_401, both(private, bearer_authenticated)))
def test_who_is_unknown_does_not_learn_what_exists(nobody, ready, arranger):
    """Without credentials, a request about an object that nobody made is answered with 401."""
    reply = nobody.send(arranger.with_unknown_object(ready.request))

    assert reply == status(401)


@requirement("AUTH-BEFORE-VALIDATION")
@for_each_operation(both(secured_401, taking_json))
@variants(
    "spoil",
    {
        "broken": lambda request: request.with_body(b'{"'),
        "empty-object": lambda request: request.with_body(b"{}"),
        "media-type": lambda request: request.with_body(b"text", "text/plain"),
        "tag": lambda request: request.with_header("If-Match", '"stale"'),
    },
)
def test_who_is_unknown_is_not_told_what_is_wrong(nobody, ready, spoil):
    """Without credentials, a request that is wrong in other ways too is answered with 401."""
    reply = nobody.send(spoil(ready.request))

    assert reply == status(401)


@requirement("AUTH-401-NO-EFFECT")
@for_each_operation(both(private, both(changing, bearer_authenticated)))
def test_what_is_refused_changes_nothing(present, ready, spoilt):
    """A change asked for with a spoilt token is refused, and the owner sees the object as it was."""
    before = ready.state()
    reply = present(spoilt)
    after = ready.state()

    assert reply == refused
    assert after == before


@requirement("AUTH-401-NO-EFFECT")
@for_each_operation(both(creation, bearer_authenticated))
def test_what_is_refused_makes_nothing(present, marked, spoilt):
    """What was asked for with a spoilt token is not there; asked for with a sound one, it is."""
    reply = present(spoilt)
    absent = not marked.has_effect()
    again = marked.owner.send(marked.request)

    assert reply == refused
    assert absent
    assert again == accepted(marked.operation)
    assert marked.has_effect()


@requirement("AUTH-401-NO-EFFECT")
@for_each_operation(both(keyed, bearer_authenticated))
def test_what_is_refused_uses_no_key_up(ready, spoilt, key):
    """A refused request leaves its idempotency key free: with a sound token it is then carried out."""
    request = ready.request.with_header(ready.operation.idempotency.header, key)
    reply = ready.owner.bearing(spoilt).send(request)
    again = ready.owner.send(request)

    assert reply == refused
    assert again == accepted(ready.operation)


@requirement("AUTH-CREDENTIALS-NOT-ECHOED")
@for_each_operation(bearer_authenticated)
def test_no_answer_repeats_a_credential(present, nobody, ready, spoilt, echoes):
    """Neither an accepted nor a refused request gets its credentials back in the answer."""
    present(spoilt)
    nobody.send(ready.request.with_header("Authorization", f"Basic {ready.token}"))

    assert echoes() == []


@requirement("AUTH-RESOURCE-METADATA")
@for_one_operation(bearing_401)
def test_the_metadata_name_their_resource(resource_metadata, resource):
    """The advertised document is read without credentials, and names the resource that its own URL was derived from."""
    assert resource_metadata.get("resource", "").rstrip("/") == resource.rstrip("/")


@requirement("AUTH-RESOURCE-METADATA")
@for_one_operation(bearing_401)
def test_the_metadata_name_the_issuer(own_issuer, resource_metadata):
    """The advertised document lists the issuer whose name is in the tokens that the target issues."""
    assert own_issuer in resource_metadata.get("authorization_servers", [own_issuer])
