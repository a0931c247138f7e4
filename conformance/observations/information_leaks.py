"""Internals of a server that a reply must not disclose: stack traces, queries, keys, credentials."""

from __future__ import annotations

import re

INTERNALS = {
    "a Python traceback": re.compile(r"Traceback \(most recent call last\)|File \"[^\"]+\", line \d+"),
    "a Java stack trace": re.compile(r"\bat [\w$.]+\([\w$]+\.java:\d+\)|java\.lang\.\w+Exception"),
    "a JavaScript stack trace": re.compile(r"\bat .{1,200}\.[cm]?[jt]s:\d+:\d+"),
    "a Go stack trace": re.compile(r"goroutine \d+ \[|\.go:\d+ \+0x"),
    "a .NET stack trace": re.compile(r"\bat [\w.]+\(.*\) in .+:line \d+"),
    "a PHP error": re.compile(r"(Fatal error|Warning): .+ on line \d+"),
    "a query": re.compile(r"\b(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s.+\sSET|DELETE\s+FROM)\s", re.DOTALL),
    "a database driver": re.compile(r"psycopg|sqlalchemy|sqlite3\.|SQLSTATE|ORA-\d{5}|com\.mysql|MongoError"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
}


def leaked_details(text: str, *credentials: str) -> list[str]:
    """The internals that a text discloses, in words; `credentials` are those that were sent."""
    plain = text.replace('\\"', '"').replace("\\n", "\n")  # without the escapes of JSON
    found = [words for words, pattern in INTERNALS.items() if pattern.search(plain)]
    return found + ["a credential" for credential in credentials if credential and credential in text]
