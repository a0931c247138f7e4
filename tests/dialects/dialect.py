"""A dialect: one way in which the same small service may be built and described.

The service keeps things that belong to people. A `Dialect` holds one value for each axis along which real APIs differ;
the document (`dialects.contract`), the server that keeps it (`dialects.server`) and the configuration of the suite
(`dialects.configuration`) are all derived from it. The first value of each axis is the plainest.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal, get_args, get_type_hints

FORMS = ("form", "multipart")


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How the service speaks. Statuses are those of the sound server; `None` of an axis is never a value."""

    # Authentication
    credentials: Literal[
        "bearer", "basic", "key-in-header", "key-in-query", "key-in-cookie", "bearer-and-key", "bearer-or-key", "oauth2"
    ] = "bearer"
    security: Literal["root", "operation"] = "root"  # where the document says it
    exception: Literal["none", "public-status", "optional-read", "key-for-list"] = "none"
    anonymous: Literal[401, 403] = 401  # the status without credentials

    # How objects are found
    links: bool = True
    location: Literal["path", "absolute", "relative", "none"] = "path"
    answer: Literal["thing", "envelope", "id", "nothing"] = "thing"  # what a creation is answered with
    identifier: Literal["uuid", "number", "token", "encoded"] = "uuid"
    parameter: Literal["id", "thing"] = "id"  # the name of the path parameter; the member is always `id`
    creation: Literal["post", "put"] = "post"  # put: the client chooses the id
    # What things stand on; which there are, the document says, or the configuration.
    shelf: Literal["none", "enum", "example", "given"] = "none"

    # Bodies
    media: Literal["json", "vendor-json", "form", "multipart"] = "json"
    composition: Literal["reference", "inline", "all-of"] = "reference"
    closed: bool = True  # unknown members are refused
    choice: Literal["none", "any-of", "one-of"] = "none"  # one of two members is needed
    nullable: bool = False
    nested: bool = False
    listed: bool = False  # a member is a list
    dated: bool = False  # a member is a date-time
    direction: Literal["two-schemas", "one-schema"] = "two-schemas"  # one: with readOnly and writeOnly
    example: bool = False
    volatile: bool = False  # a member moves by itself
    owner: bool = False  # a thing shows whose it is
    names: Literal["free", "unique"] = "free"
    created: Literal[201, 200] = 201

    # Parameters
    query: Literal["none", "required", "form", "joined", "pipes", "spaces", "deep-object"] = "none"
    header: bool = False  # a creation needs one
    base: Literal["root", "path", "variable"] = "root"
    slash: bool = False  # paths end with one

    # Lists
    pages: Literal["none", "cursor", "page", "offset"] = "none"
    collection: Literal["bare", "envelope"] = "bare"
    older: bool = False  # there are things already
    late: bool = False  # a list shows what was made a little later

    # Behaviour
    update: Literal["put", "patch", "none"] = "put"
    updated: Literal[200, 204] = 200
    deleted: Literal[204, 200] = 204
    ownership: Literal["undeclared", "hidden", "forbidden"] = "undeclared"  # declared with 404, or with 403
    gone: Literal[404, 410] = 404
    wrong_method: Literal[405, 404] = 405
    invalid: Literal[422, 400] = 422
    problems: Literal["problem", "json", "text"] = "problem"
    tags: Literal["none", "offered", "demanded", "weak"] = "none"  # entity tags; weak ones are for reading alone
    replay: bool = False  # idempotency keys
    normative: bool = False
    lenient: bool = False  # what parsers of JSON and of URLs put right is taken, and no cache is told what it knows

    # Files and events
    file: Literal["none", "multipart", "binary"] = "none"
    chosen_secret: bool = False  # whoever registers a receiver chooses the secret
    events: Literal["none", "standard-webhooks", "github", "stripe", "http-message-signatures"] = "none"

    # The document
    version: Literal["3.1", "3.0", "3.2"] = "3.1"  # of OpenAPI
    format: Literal["yaml", "json"] = "yaml"
    split: bool = False
    identifiers: bool = True  # operationIds
    summaries: bool = True

    def changes(self) -> dict[str, Any]:
        """What differs from the plainest dialect."""
        return {name: value for name, value in asdict(self).items() if value != axes()[name][0]}

    def __repr__(self) -> str:
        return f"Dialect({', '.join(f'{name}={value!r}' for name, value in self.changes().items())})"


def axes() -> dict[str, tuple[Any, ...]]:
    """The values of each axis, the plainest first."""
    hints = get_type_hints(Dialect)
    values = {each.name: get_args(hints[each.name]) or (False, True) for each in fields(Dialect)}
    defaults = {each.name: each.default for each in fields(Dialect)}
    return {name: tuple(sorted(known, key=lambda value: value != defaults[name])) for name, known in values.items()}


def sensible(dialect: Dialect) -> Dialect:
    """The dialect without what contradicts itself: of two axes that exclude each other, the later one gives way."""
    changed = dialect
    for condition, axis, value in (
        (dialect.media in FORMS, "nullable", False),
        (dialect.media in FORMS, "nested", False),
        (dialect.media in FORMS, "listed", False),
        (dialect.choice == "one-of", "direction", "two-schemas"),
        (dialect.creation == "put", "update", "none"),
        (dialect.creation == "put", "created", 201),
        (dialect.creation == "put" and dialect.location == "relative", "location", "path"),
        (dialect.creation == "put", "events", "none"),
        (dialect.creation == "put" or dialect.events == "none", "chosen_secret", False),
        (dialect.creation == "put", "replay", False),
        (dialect.update == "none" or dialect.creation == "put", "updated", 200),
        (dialect.normative, "wrong_method", 405),
        (dialect.normative, "lenient", False),
        (dialect.update == "none" or dialect.creation == "put", "tags", "none"),
        (dialect.answer == "nothing" and dialect.location == "none", "created", 201),
        (dialect.answer == "nothing", "links", False),
        (dialect.media in FORMS and dialect.update == "patch", "update", "put"),
        (dialect.credentials != "bearer" and dialect.exception == "key-for-list", "exception", "none"),
        # Only since 3.1 it can be said of parts together that they have no further members.
        (dialect.version == "3.0" and dialect.composition == "all-of" and dialect.closed, "version", "3.1"),
    ):
        if condition:
            changed = replace(changed, **{axis: value})
    return changed
