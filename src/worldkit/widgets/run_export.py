"""A run as text that repeats it: JSON to keep, a cell that replays it, and a test that holds it."""

from __future__ import annotations

import keyword
import pprint
import re
import unicodedata

from worldkit.core import json_values
from worldkit.core.argument_checks import refusal
from worldkit.core.json_values import Json
from worldkit.core.quoting import format_count
from worldkit.editing.naming import cut_name
from worldkit.playing import Session, Trace
from worldkit.playing.persistence import POSITION_FORMAT, VERSION
from worldkit.widgets.code import comment

KINDS = ("run", "position", "python", "pytest")
WIDTH = 100


def script(session: Session, kind: str) -> tuple[str, str]:
    """Return a run as text, and the name of a file to keep it in.

    Args:
        kind: ``"run"``: the trace as JSON; ``"position"``: where it stands as JSON; ``"python"``: a cell that
            replays it in ``world``; ``"pytest"``: a test that loads the world and holds its end.

    Raises:
        WrongArgument: There is no such kind.
    """
    name = slug(session.world.name or session.world.id or "world")
    match kind:
        case "run":
            return session.trace.to_json() + "\n", f"{name}.trace.json"
        case "position":
            position: Json = {"format": POSITION_FORMAT, "version": VERSION, **session.position.to_dict()}
            return json_values.dumps(position, 2) + "\n", f"{name}.position.json"
        case "python":
            return _cell(session), f"{name}_run.py"
        case "pytest":
            return _test(session, name), f"test_{name}.py"
    raise refusal("kind", f"one of {', '.join(KINDS)}", kind)


def slug(text: str) -> str:
    """Return a text as a short name of a file and of a function: small letters, digits and underscores."""
    letters = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    words = cut_name("_".join(re.findall(r"[a-z0-9]+", letters)), 40)
    return words if words and not keyword.iskeyword(words) else "world"


def _cell(session: Session) -> str:
    trace = session.trace
    return (
        f"import worldkit as wk\n\n# {_summary(session, trace)}\nrun = {_literal(trace)}\n"
        "session = wk.replay(world, run)  # in the player: wk.play(world, trace=run)\nsession\n"
    )


def _test(session: Session, name: str) -> str:
    trace, ending = session.trace, session.ended
    checks = [f"assert session.state == {session.state!r}", f"assert session.flags == {_set(session.flags)}"]
    if ending is None:
        checks.append("assert session.ended is None")
    else:
        checks.append("assert session.ended is not None")
        checks.append(f"assert (session.ended.kind, session.ended.title) == ({ending.kind!r}, {ending.title!r})")
    body = "\n".join(f"    {line}" for line in [f'session = wk.replay(wk.load("{name}.world.json"), RUN)', *checks])
    return (
        f'# {_summary(session, trace)}\n# Beside it stands the world: world.save("{name}.world.json")\n'
        f"import worldkit as wk\n\nRUN = {_literal(trace)}\n\n\n"
        f"def test_{name}_ends_in_{slug(session.state)}() -> None:\n{body}\n"
    )


def _summary(session: Session, trace: Trace) -> str:
    title, count = session.world.name or session.world.id or "A world", len(trace)
    steps = format_count(count, "step")
    return comment(f"{title}: {steps}, {trace.clock / 1000:g} s, from {trace.start.state} to {session.state}")


def _literal(trace: Trace) -> str:
    return pprint.pformat(trace.to_dict(), width=WIDTH, sort_dicts=False)


def _set(flags: frozenset[str]) -> str:
    return "{" + ", ".join(map(repr, sorted(flags))) + "}" if flags else "set()"
