"""The expectations of a saved run about its end: reading, comparing and recording them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field, Strict, ValidationError

from worldkit.core.json_values import Json, quote
from worldkit.core.model import Ending, OptionalNotNull, Part, Text, Texts
from worldkit.core.problems import problems, validate
from worldkit.playing.session import Session
from worldkit.playing.trace import TraceError

EXPECTED_FIELDS = ("state", "flags", "ended", "coverage")

Share = Annotated[float, Strict(), Field(ge=0, le=1)]


class EndedRow(Part):
    """The ending expected: its kind, its title, or both."""

    kind: OptionalNotNull[Text] = None
    title: OptionalNotNull[Text] = None


class ExpectRow(Part):
    """What is expected; a field that is left out is not looked at."""

    state: OptionalNotNull[Text] = None
    flags: OptionalNotNull[Texts] = None
    ended: Text | EndedRow | None = None
    coverage: OptionalNotNull[Share] = None


def checked_expectation(expect: Any) -> Json:
    """Return expectations as they were given.

    Args:
        expect: ``{"state"?, "flags"?, "ended"?, "coverage"?}``: the state the run ends in; exactly the flags
            held then; its ending, as ``{"kind"?, "title"?}``, as one of the two, or null when the run is not over;
            the least part, from 0 to 1, of the world's events that the run fires.

    Raises:
        TraceError: It is not of that form. A field that is unknown is refused: it would be looked at by nobody.
    """
    if not isinstance(expect, Mapping):
        raise TraceError(None, f"expect: expected an object, got {quote(expect)}")
    unknown_keys = [key for key in expect if key not in EXPECTED_FIELDS]
    if unknown_keys:
        raise TraceError(
            None, f"expect: {quote(unknown_keys[0])} is not known; expected some of {', '.join(EXPECTED_FIELDS)}"
        )
    try:
        validate(ExpectRow, dict(expect))
    except ValidationError as error:
        problem_list = "; ".join(f"expect.{problem}" for problem in problems(error, limit=5))
        raise TraceError(None, problem_list) from None
    return dict(expect)


def find_failures(session: Session, expect: Json) -> Iterator[str]:
    """Yield what a run's end does not have, as it was expected: what was found and what was expected.

    Args:
        session: The session at the end of the run.
        expect: What ``checked_expectation`` returned.
    """
    if "state" in expect and session.state != expect["state"]:
        yield f"state: found {quote(session.state)}, expected {quote(expect['state'])}"
    if "flags" in expect:
        expected_flags = set(expect["flags"])
        missing, surplus = sorted(expected_flags - session.flags), sorted(session.flags - expected_flags)
        parts = [f"{word} {quote(flags)}" for word, flags in (("lacks", missing), ("also holds", surplus)) if flags]
        if parts:
            yield f"flags: {' and '.join(parts)}"
    if "ended" in expect and not _ending_matches(session.ended, expect["ended"]):
        yield f"ended: found {_describe_ending(session.ended)}, expected {_describe_expected(expect['ended'])}"
    if "coverage" in expect and coverage(session) < expect["coverage"]:
        yield f"coverage: found {coverage(session):.3f}, expected at least {expect['coverage']:.3f}"


def coverage(session: Session) -> float:
    """Return which part of the world's events a run has fired, from 0 to 1; 1 in a world without any."""
    names = set(session.world.events_by_name)
    return len(names.intersection(session.trace.events)) / len(names) if names else 1.0


def record_expectation(session: Session, expect: Json) -> Json:
    """Return the expectations as this session would meet them, of the same fields."""
    new_expectations: Json = {}
    for field in expect:
        match field:
            case "state":
                new_expectations[field] = session.state
            case "flags":
                new_expectations[field] = sorted(session.flags)
            case "ended":
                matches = _ending_matches(session.ended, expect[field])
                new_expectations[field] = expect[field] if matches else ending_of(session)
            case "coverage":
                new_expectations[field] = min(expect[field], coverage(session))
    return new_expectations


def ending_of(session: Session) -> Json | None:
    """Return how a run ended, as an expectation."""
    end = session.ended
    return None if end is None else {"kind": end.kind, "title": end.title}


def _ending_matches(end: Ending | None, expected: Any) -> bool:
    if end is None or expected is None:
        return end is expected
    if isinstance(expected, str):
        return expected in (end.kind, end.title)
    return all(getattr(end, field) == expected[field] for field in ("kind", "title") if field in expected)


def _describe_ending(end: Ending | None) -> str:
    return "not ended" if end is None else f"{end.kind} {quote(end.title)}"


def _describe_expected(expected: Any) -> str:
    if expected is None:
        return "not ended"
    if isinstance(expected, str):
        return expected if expected in ("win", "lose") else quote(expected)
    kind, title = expected.get("kind"), expected.get("title")
    return " ".join(part for part in (kind, None if title is None else quote(title)) if part) or "any ending"
