"""Foreign text made harmless and readable: what a target sends must not steer a terminal, a browser or a parser."""

from __future__ import annotations


def visible(text: str, *, keep: str = "\n\t") -> str:
    r"""The text with every character that cannot be seen written as its escape, e.g. `\x1b` or `\u202e`.

    Control characters, direction overrides, zero-width characters and lone surrogates are what it concerns, so that
    the result can be encoded as UTF-8 and stands in XML 1.0.
    """
    return "".join(char if char.isprintable() or char in keep else _escape(char) for char in text)


def one_line(text: str, limit: int = 400) -> str:
    """The visible text on one line, at most `limit` characters long."""
    return cut(visible(" ".join(text.split())), limit)


def cut(text: str, limit: int) -> str:
    """The first `limit` characters, and how many more there are."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}… ({len(text) - limit:,} more characters)"


def plural(number: int, noun: str) -> str:
    """`1 clause`, `2 clauses`, `1,024 clauses`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def listed(places: tuple[str, ...], limit: int = 8) -> str:
    """Where a clause was tried, in words: `in 3 places: a, b, c`; "" where it was the target as a whole."""
    named = [one_line(place, 80) for place in places if place]
    if not named:
        return ""
    if len(named) == 1:
        return f"on {named[0]}"
    rest = f", and {len(named) - limit} more" if len(named) > limit else ""
    return f"in {len(named)} places: {', '.join(named[:limit])}{rest}"


def _escape(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
