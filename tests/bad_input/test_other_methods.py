"""A target that answers methods of which its contract says nothing with 404, as many frameworks do."""

from __future__ import annotations

from bad_input.variants import Notes, serving_notes


def without_405(app):
    """Answers 404 in the place of 405."""

    def handle(environ, start_response):
        def started(status, headers, *given):
            return start_response("404 Not Found" if status.startswith("405") else status, headers, *given)

        return app(environ, started)

    return handle


def test_a_404_is_no_failure_and_is_told_as_a_gap(judge):
    with serving_notes(Notes, without_405) as url:
        told = judge("--only", "REST-METHOD-405-ALLOW", target=f"url = '{url}'", deadline=5)

    gaps = [gap["what"] for gap in told.report["gaps"]]
    assert told.verdicts["REST-METHOD-405-ALLOW"] == "passed", told.words
    assert [what for what in gaps if "answered 404 instead of 405" in what], gaps


def test_a_405_is_no_gap(judge):
    with serving_notes(Notes) as url:
        told = judge("--only", "REST-METHOD-405-ALLOW", target=f"url = '{url}'", deadline=5)

    assert (told.verdicts["REST-METHOD-405-ALLOW"], told.report["gaps"]) == ("passed", []), told.words
