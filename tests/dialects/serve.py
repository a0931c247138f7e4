"""`python -m dialects.serve`: the server of a dialect, on the standard library alone, so that it starts quickly."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from dialects.dialect import Dialect
from dialects.faults import faults
from dialects.server.build import build
from dialects.server.http import serve
from dialects.server.people import people


def main() -> None:
    options = arguments()
    dialect = Dialect(**json.loads(options.dialect.read_text(encoding="utf-8")))
    fault = faults()[options.fault].part if options.fault else None
    service = build(dialect, people(), frozenset(options.receiver), fault)
    serve(service, service.refused, options.port)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m dialects.serve", description="Serves a dialect.")
    parser.add_argument("dialect", type=Path, help="JSON: what differs from the plainest dialect")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--receiver", action="append", default=[], metavar="HOST:PORT", help="may be told of events")
    parser.add_argument("--fault", default="", metavar="NAME")
    return parser.parse_args()


if __name__ == "__main__":
    main()
