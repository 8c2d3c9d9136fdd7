"""The verify gate: is a generated world worth playing (docs/spec/rules.md)?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from worldkit.core.brief import shown_briefly
from worldkit.core.diagnostics import Diagnostics
from worldkit.core.document import Document
from worldkit.core.json_values import quote
from worldkit.core.profile import STUDIO
from worldkit.core.quoting import escape_unprintable, format_count, page_text
from worldkit.ruleset import diagnosed
from worldkit.ruleset.index import Index
from worldkit.ruleset.rules import join_names

MIN_STATES = 5
MIN_EVENTS = 6
MIN_BRANCHES = 1
MIN_ENTRANCE_LENGTH = 40
_MAX_LISTED_ERRORS = 20


@shown_briefly
@dataclass(frozen=True, slots=True, repr=False)
class Verdict:
    """The verdict on whether a world is worth playing; true if it passed.

    Attributes:
        passed: Whether ``issues`` is empty.
        score: 0 to 100, to rank worlds; it does not decide.
        issues: The reasons why it did not pass, each with what to do.
        stats: Counts of states, events, endings and problems.
        failed: Which checks failed, in a few words each, such as ``"no win"`` and ``"lint errors"``.

    Example:
        >>> verdict = world.verify()
        >>> verdict.passed, verdict.score, verdict.failed
        (False, 67, ('too few states', 'too few events', 'no loss'))
        >>> verdict.issues[0]
        'There are 3 states and at least 5 are needed: add 2 more.'
    """

    passed: bool
    score: int
    issues: tuple[str, ...]
    stats: dict[str, int]
    failed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.passed

    def __repr__(self) -> str:
        return "\n".join([self._headline(), *(f"  {issue}" for issue in self.issues)])

    def _headline(self) -> str:
        reasons = f" ({', '.join(self.failed)})" if self.failed else ""
        outcome = "passed" if self.passed else f"not passed{reasons}"
        nouns = (("states", "state"), ("events", "event"), ("wins", "win"), ("losses", "loss"))
        counts = ", ".join(
            f"{self.stats[plural]} {singular if self.stats[plural] == 1 else plural}" for plural, singular in nouns
        )
        return f"{outcome}, score {self.score}: {counts}"

    def _repr_html_(self) -> str:
        issues = "".join(f"<li>{page_text(issue)}</li>" for issue in self.issues)
        return f"<p>{page_text(self._headline())}</p>" + (f"<ul>{issues}</ul>" if issues else "")


def verify(world: Document, premise: str | None = None) -> Verdict:
    """Return whether a world is worth playing, and how good it is.

    Reachability is the ``unreachable-state`` rule's, so that the two never disagree: moves hop through
    cutscenes, sequences move too, and nothing leads on from an ending. Errors are those of the studio profile,
    which are stricter, so that a world that passes is clean in both profiles.

    Args:
        premise: The premise it was made from, if any; an entrance that only repeats it is a stub.
    """
    index = Index(world, STUDIO)
    diagnostics = diagnosed(index)
    dead_ends = _dead_ends(index)
    entrance = _entrance_issue(world, premise)
    stats = _stats(index, diagnostics, len(dead_ends))
    found_issues = list(_issues(index, stats, entrance, dead_ends, diagnostics.errors))
    issues = tuple(issue for _, issue in found_issues)
    failed_checks = tuple(dict.fromkeys(check for check, _ in found_issues))
    return Verdict(not issues, _score(stats, entrance is None), issues, stats, failed_checks)


def _stats(index: Index, diagnostics: Diagnostics, dead_ends: int) -> dict[str, int]:
    kinds = [state.ending.kind for state in index.states.values() if state.ending is not None]
    return {
        "states": len(index.states),
        "events": len(index.events),
        "transitions": len(index.transitions),
        "branches": sum(1 for id, state in index.states.items() if state.ending is None and _branches(index, id)),
        "gated": sum(1 for event in index.events if event.requires or event.grants),
        "wins": kinds.count("win"),
        "losses": kinds.count("lose"),
        "unreachable": len(index.unreachable),
        "dead_ends": dead_ends,
        "errors": diagnostics.errors.total,
        "warnings": diagnostics.warnings.total,
    }


def _branches(index: Index, id: str) -> bool:
    return len({to for to in index.exits.get(id, ()) if to != id}) > 1


def _dead_ends(index: Index) -> list[str]:
    """Return the states without an ending from which no move leads to another state."""
    return [
        id
        for id, state in index.states.items()
        if state.ending is None and all(to == id for to in index.moves.get(id, ()))
    ]


def _entrance_issue(world: Document, premise: str | None) -> str | None:
    state = world.states.get(world.entrance.state) if world.entrance is not None else None
    if world.entrance is None:
        return "There is no entrance: set it to the state that play starts in."
    if state is None:
        return f"The entrance names {quote(world.entrance.state)}, which is no state: set it to a state that exists."
    name, size = quote(world.entrance.state), len(state.base.strip())
    if premise is not None and _normalise(state.base) == _normalise(premise):
        return f"The entrance {name} only repeats the premise: describe what the camera sees there."
    if size < MIN_ENTRANCE_LENGTH:
        length = format_count(size, "character")
        return f"The entrance {name} is described in {length}: write at least {MIN_ENTRANCE_LENGTH}."
    return None


def _normalise(text: str) -> str:
    return " ".join(text.split()).casefold().rstrip(".")


def _issues(
    index: Index, stats: dict[str, int], entrance: str | None, dead_ends: list[str], errors: Diagnostics
) -> Iterator[tuple[str, str]]:
    """Yield each reason why a world does not pass: the check that failed, and what to do."""
    for noun, minimum in (("state", MIN_STATES), ("event", MIN_EVENTS)):
        count = stats[f"{noun}s"]
        if count < minimum:
            there_are = "There is" if count == 1 else "There are"
            remedy = f"at least {minimum} are needed: add {minimum - count} more"
            yield f"too few {noun}s", f"{there_are} {format_count(count, noun)} and {remedy}."
    if stats["branches"] < MIN_BRANCHES:
        yield "no choice", "No state offers a choice: give at least one state transitions to two different states."
    if not stats["wins"]:
        yield "no win", 'No state is a win: give one an ending of kind "win".'
    if not stats["losses"]:
        yield "no loss", 'No state is a loss: give one an ending of kind "lose".'
    if entrance is not None:
        yield "entrance", entrance
    if index.unreachable:
        names = join_names(index.unreachable)
        remedy = "add transitions, or delete what is not needed"
        yield "unreachable states", f"No way leads from the entrance to {names}: {remedy}."
    if dead_ends:
        yield "dead ends", f"There is no way on from {join_names(dead_ends)}: add a transition out, or an ending."
    first_errors = [error for error in errors if error.count == 1][:_MAX_LISTED_ERRORS]
    for error in first_errors:
        yield "lint errors", escape_unprintable(f"Fix {error.path}: {error.message} [{error.lint}].")
    if errors.total > len(first_errors):
        count_text = format_count(errors.total - len(first_errors), "more lint error")
        yield "lint errors", f"Fix {count_text}; lint() lists them."


def _score(stats: dict[str, int], entrance: bool) -> int:
    states = stats["states"]
    points = (
        _step(states, (MIN_STATES, 20), (3, 10))
        + _step(stats["events"], (MIN_EVENTS, 20), (4, 10))
        + (10 if entrance else 0)
        + _step(stats["branches"], (3, 20), (1, 12))
        + (8 if stats["wins"] else 0)
        + (7 if stats["losses"] else 0)
        + (10 if states and not stats["unreachable"] else 0)
        + (5 if states and not stats["dead_ends"] else 0)
        + _step(stats["gated"], (3, 5), (1, 2))
    )
    return min(points, 100)


def _step(count: int, *steps: tuple[int, int]) -> int:
    return next((points for minimum, points in steps if count >= minimum), 0)
