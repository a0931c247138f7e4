"""What looks like a secret in a text: by its own form, or by the name that stands beside it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from conformance.http.secret_names import is_doubtful_name, is_secret_name, looks_random

if TYPE_CHECKING:
    from collections.abc import Callable

SHOWN = 4  # characters of a masked secret
FORMS = {  # with a text that each holds, in lower case; the first group is what is shown
    r"\b(eyJ[\w-]{4,8})[\w-]*\.[\w-]*\.[\w-]*": "eyj",  # JWT
    r"\b(whsec_[\w+/]{4})[\w+/]+=*": "whsec_",
    r"\b(gh[pousr]_\w{4})\w{16,}": "gh",
    r"\b(github_pat_\w{4})\w{16,}": "github_pat_",
    r"\b(glpat-[\w-]{4})[\w-]{12,}": "glpat-",
    r"\b((?:sk|rk)_(?:live|test)_\w{4})\w{8,}": "k_",
    r"\b(sk-[\w-]{4})[\w-]{16,}": "sk-",
    r"\b((?:AKIA|ASIA)\w{4})[0-9A-Z]{12}\b": "ia",
    r"\b(xox[abposr]-[\w-]{4})[\w-]{8,}": "xox",
    r"\b(AIza[\w-]{4})[\w-]{31}": "aiza",
    r"\b(ya29\.[\w-]{4})[\w-]{16,}": "ya29",
    r"\b(SG\.[\w-]{4})[\w-]{12,}\.[\w-]{16,}": "sg.",
    r"\b(npm_\w{4})\w{28,}": "npm_",
    r"\b(pypi-\w{4})[\w-]{16,}": "pypi-",
    r"\b(shp(?:at|ca|pa|ss)_\w{4})\w{16,}": "shp",
    r"\b(dop_v1_\w{4})\w{32,}": "dop_v1_",
    r"\b(AGE-SECRET-KEY-1\w{4})\w{16,}": "age-secret-key",
    r"(hooks\.slack\.com/services/\w{4})[\w/]+": "hooks.slack.com",
    r"(\$(?:2[aby]|argon2\w*|scrypt)\$)[\w./$,=+]{16,}": "$",  # hashes of passwords
    r"(?s)(-----BEGIN [A-Z ]*PRIVATE KEY-----).*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)": "private key",
    r"(://[^\s/:@\"']*:[^\s/@\"']{1,2})[^\s/@\"']*(?=@)": "://",  # the password of a URL
    r"\b((?i:bearer|basic)\s+(?![\w-]+=[\"'])(?=\S*(?:\d|[a-z][A-Z]))[^\s$\"',]{4})[^\s\"',]+": "",
    r"((?:X-Amz-Signature|X-Goog-Signature|X-Amz-Security-Token|sig|Signature)=[^&\s\"']{4})[^&\s\"']{8,}": "=",
    r"(?i)(<input\b[^>]*\btype=[\"']?password\b[^>]*\bvalue=[\"']?[^\s\"'>]?)[^\s\"'>]+": "<input",
    r"(\"(?:d|p|q|dp|dq|qi|k)\"\s*:\s*\"[\w-]{4})[\w-]{16,}": '"',  # private members of a JWK (RFC 7518, section 6)
}
KNOWN = tuple((hint, re.compile(form)) for form, hint in FORMS.items())
MEMBER = re.compile(r'"([\w.$ -]{1,64})"(\s*:\s*)"((?:[^"\\]|\\.)*)')
LISTED = re.compile(r'"([\w.$ -]{1,64})"(\s*:\s*\[)([^\[\]{}]*)')
PAIR = re.compile(r"(?<![\w.-])([A-Za-z][\w.-]{1,63})(=)([^&\s'\"<>;,=]+)")
FIELD = re.compile(r"(?m)(?<![\w.\"'-])([A-Za-z][\w-]{1,63})(:[ \t]+)([^\s'\"<>;,{}\[\]]{8,})")
ELEMENT = re.compile(r"<([A-Za-z][\w:.-]{1,63})(>)([^<>\s]+)(?=</)")
NAMED_INPUT = re.compile(r"(?i)\bname=[\"']?([\w.-]+)[\"']?([^<>]{0,300}?\b(?:value|content)=[\"'])([^\"'<>]+)")
NAMED_VALUE = re.compile(r'"(?:name|key)"\s*:\s*"([\w.$ -]{1,64})"(\s*,\s*"value"\s*:\s*")((?:[^"\\]|\\.)*)')
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')


@lru_cache(maxsize=10_000)  # most texts are values of header fields, which come again and again
def masked(text: str) -> str:
    """The text without what has the shape of a secret."""
    lower = text.lower()
    for hint, form in KNOWN:
        if hint in lower:
            text = form.sub(r"\1…", text)
    for pattern in (MEMBER, PAIR, ELEMENT, NAMED_INPUT, NAMED_VALUE):
        text = pattern.sub(_without_value, text)
    text = FIELD.sub(lambda found: _without_value(found, sure=_has_digit), text)
    return LISTED.sub(_without_items, text)


def masked_field(name: str, value: str) -> str:
    """The value of a header field: of a credential no more than its beginning, of a cookie its name and attributes."""
    lower = name.lower()
    if lower == "cookie":
        return ";".join(map(_without_cookie, value.split(";")))
    if lower == "set-cookie":
        pair, semicolon, attributes = value.partition(";")
        return f"{_without_cookie(pair)}{semicolon}{attributes}"
    if lower in {"authorization", "proxy-authorization"}:
        scheme, space, credential = value.rpartition(" ")
        return f"{scheme}{space}{begun(credential)}"
    return begun(value) if is_secret_name(name) else masked(value)


def begun(secret: str) -> str:
    """The beginning of a secret, which tells it from others, and no more of it."""
    return f"{secret[: min(SHOWN, len(secret) // 4)]}…" if secret else ""


def _without_cookie(pair: str) -> str:
    name, equals, value = pair.partition("=")
    return f"{name}{equals}{begun(value.strip(chr(34)))}" if value else pair


def _without_value(found: re.Match[str], sure: Callable[[str], bool] = bool) -> str:
    name, _, value = found.groups()
    whole = found[0]
    prose = " " in value and not _has_digit(value)
    if (
        "…" in value
        or prose
        or not sure(value)
        or not (is_secret_name(name) or (is_doubtful_name(name) and looks_random(value)))
    ):
        return whole
    return f"{whole[: len(whole) - len(value)]}{begun(value)}"


def _without_items(found: re.Match[str]) -> str:
    name, between, items = found.groups()
    if not is_secret_name(name):
        return found[0]
    return f'"{name}"{between}' + STRING.sub(lambda item: f'"{begun(item[1])}"', items)


def _has_digit(text: str) -> bool:
    return any(char.isdigit() for char in text)
