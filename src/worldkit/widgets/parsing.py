"""Messages from the browser, read into requests; anything else is refused with the part that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from worldkit.core import json_values
from worldkit.core.errors import InvalidWorld
from worldkit.core.json_values import quote
from worldkit.stores.file_layout import FARTHEST
from worldkit.widgets.protocol import (
    MAX_BYTES,
    About,
    Act,
    Begin,
    CodeOf,
    CompareRequest,
    CoverOf,
    Edit,
    EditorRequest,
    Explore,
    FieldsOf,
    Fix,
    Hello,
    LastRun,
    Move,
    PlayerRequest,
    PlayOf,
    PlayRun,
    Position,
    Reconcile,
    Redo,
    Reload,
    ReportRequest,
    Resolve,
    RouteOf,
    Save,
    SaveAs,
    ScriptOf,
    Target,
    Tidy,
    Undo,
)

LONGEST_LABEL = 120
LONGEST_PATH = 4_096
LONGEST_QUESTION = 2_000
LONGEST_WAIT = 86_400_000


class Malformed(Exception):
    """A message is not of the protocol; says which part and what was expected."""


def read_editor(content: Any) -> EditorRequest:
    """Return what an editor's view asks.

    Raises:
        Malformed: It is not a request of the protocol.
    """
    return _READERS[_kind(content, _READERS)](content)


def read_player(content: Any) -> PlayerRequest:
    """Return what a player's view asks.

    Raises:
        Malformed: It is not a request of the protocol.
    """
    match _kind(content, ("act", "hello", "about", "script")):
        case "hello":
            return Hello()
        case "about":
            return About()
        case "script":
            return ScriptOf(_text(content, "kind", 40))
    action = _text(content, "action", 40)
    if action not in ACTIONS:
        raise Malformed(f"action: expected one of {', '.join(ACTIONS)}, got {quote(action)}")
    return ACTIONS[action](content, action)


def read_report(content: Any) -> ReportRequest:
    """Return what a report's view asks; in it a player may be open, so what a player asks too.

    Raises:
        Malformed: It is not a request of the protocol.
    """
    match _kind(content, ("act", "hello", "about", "script", "play", "route", "cover")):
        case "cover":
            return CoverOf()
        case "play":
            return PlayRun(_target(content.get("target")))
        case "route":
            return RouteOf(_target(content.get("target")))
    return read_player(content)


SIDES = ("ours", "theirs", "base")
"""What a conflict can be decided for."""

SOURCES = ("new", "sample", "file")
"""What a world can be begun from."""

CHOICES = ("rebase", "theirs", "mine")
"""What can become of edits made here when others were made elsewhere."""


def read_compare(content: Any) -> CompareRequest:
    """Return what a comparison's view asks.

    Raises:
        Malformed: It is not a request of the protocol.
    """
    match _kind(content, ("hello", "fields", "play", "resolve")):
        case "fields":
            return FieldsOf(_index(content, "change"))
        case "play":
            return PlayOf()
        case "resolve":
            side = _text(content, "side", 40)
            if side not in SIDES:
                raise Malformed(f"side: expected one of {', '.join(SIDES)}, got {quote(side)}")
            return Resolve(_index(content, "conflict"), side)
    return Hello()


def _index(content: Mapping[str, Any], name: str) -> int:
    value = content.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Malformed(f"{name}: expected an index, got {quote(value)}")
    return value


def _target(value: Any) -> Target:
    kind = value.get("kind") if isinstance(value, dict) else None
    if kind == "ending":
        return Target(kind, id=_text(value, "id", MAX_BYTES))
    if kind not in ("finding", "run"):
        raise Malformed(f"target: expected an object whose kind is finding, ending or run, got {quote(value)}")
    index = value.get("index")
    if isinstance(index, bool) or not isinstance(index, int) or index < 0:
        raise Malformed(f"target: expected the index of a {kind}, got {quote(index)}")
    return Target(kind, index)


def _kind(content: Any, known: Iterable[str]) -> str:
    if not isinstance(content, Mapping):
        raise Malformed(f"expected an object with a type, got {quote(content)}")
    kind = content.get("type")
    if not isinstance(kind, str) or kind not in known:
        raise Malformed(f"type: expected one of {', '.join(known)}, got {quote(kind)}")
    _whole(content)
    return kind


def _whole(value: Any) -> None:
    try:
        json_values.check_json(dict(value), "the message")
    except InvalidWorld as refused:
        raise Malformed(str(refused.problems[0])) from None


def _text(content: Mapping[str, Any], name: str, longest: int) -> str:
    value = content.get(name)
    if not isinstance(value, str):
        raise Malformed(f"{name}: expected a string, got {quote(value)}")
    if len(value) > longest:
        raise Malformed(f"{name}: expected at most {longest:,} characters, got {len(value):,}")
    return value


def _edit(content: Mapping[str, Any]) -> Edit:
    base, ops = content.get("base"), content.get("ops")
    if isinstance(base, bool) or not isinstance(base, (str, int)):
        raise Malformed(f"base: expected the revision the edit was made against, got {quote(base)}")
    if not isinstance(ops, list) or not all(isinstance(op, dict) for op in ops):
        raise Malformed(f"ops: expected a list of operations, got {quote(ops)}")
    places = _positions(content["positions"]) if content.get("positions") is not None else {}
    return Edit(str(base), ops, _label(content), places)


def _label(content: Mapping[str, Any]) -> str | None:
    label = content.get("label")
    if label is not None and not isinstance(label, str):
        raise Malformed(f"label: expected a string, got {quote(label)}")
    return one_line(label or "") or None


def _move(content: Mapping[str, Any]) -> Move:
    places = _positions(content.get("positions"))
    if not places:
        raise Malformed("positions: expected at least one state, got none")
    return Move(places, _label(content))


def _tidy(content: Mapping[str, Any]) -> Tidy:
    everything = content.get("everything", False)
    if not isinstance(everything, bool):
        raise Malformed(f"everything: expected true or false, got {quote(everything)}")
    return Tidy(everything)


def _positions(value: Any) -> dict[str, Position]:
    if not isinstance(value, dict):
        raise Malformed(f"positions: expected an object of [x, y] by state id, got {quote(value)}")
    return {id: _position(id, place) for id, place in value.items()}


def _position(id: str, place: Any) -> Position:
    numbers = isinstance(place, (list, tuple)) and len(place) == 2
    if not numbers or any(isinstance(v, bool) or not isinstance(v, (int, float)) for v in place):
        raise Malformed(f"positions: expected [x, y] for {quote(id)}, got {quote(place)}")
    x, y = place
    if not (-FARTHEST <= x <= FARTHEST and -FARTHEST <= y <= FARTHEST):  # NaN is neither; whole numbers may be endless
        raise Malformed(f"positions: expected numbers up to {FARTHEST:g} for {quote(id)}, got {quote(place)}")
    return x, y


def _fix(content: Mapping[str, Any]) -> Fix:
    item = content.get("item")
    if not isinstance(item, dict) or not all(isinstance(item.get(k, ""), str) for k in ("kind", "id", "field")):
        raise Malformed(f"item: expected an object with kind, id and field, got {quote(item)}")
    return Fix(_text(content, "lint", 200), {k: item.get(k, "") for k in ("kind", "id", "field")})


def _reconcile(content: Mapping[str, Any]) -> Reconcile:
    choice = _one_of(content, "choice", CHOICES)
    picks = content.get("picks", {})
    if not isinstance(picks, dict) or not all(side in SIDES for side in picks.values()):
        raise Malformed(f"picks: expected an object of {', '.join(SIDES)} by path, got {quote(picks)}")
    return Reconcile(choice, picks)


def _save_as(content: Mapping[str, Any]) -> SaveAs:
    overwrite = content.get("overwrite", False)
    if not isinstance(overwrite, bool):
        raise Malformed(f"overwrite: expected true or false, got {quote(overwrite)}")
    return SaveAs(_text(content, "path", LONGEST_PATH), overwrite)


def _begin_world(content: Mapping[str, Any]) -> Begin:
    return Begin(_one_of(content, "source", SOURCES), _text(content, "name", LONGEST_PATH))


def _one_of(content: Mapping[str, Any], name: str, known: tuple[str, ...]) -> str:
    value = _text(content, name, 40)
    if value not in known:
        raise Malformed(f"{name}: expected one of {', '.join(known)}, got {quote(value)}")
    return value


_READERS: dict[str, Callable[[Mapping[str, Any]], EditorRequest]] = {
    "hello": lambda _: Hello(),
    "edit": _edit,
    "undo": lambda _: Undo(),
    "redo": lambda _: Redo(),
    "move": _move,
    "tidy": _tidy,
    "fix": _fix,
    "code": lambda _: CodeOf(),
    "explore": lambda _: Explore(),
    "save": lambda _: Save(),
    "reload": lambda _: Reload(),
    "reconcile": _reconcile,
    "save_as": _save_as,
    "begin": _begin_world,
    "last_run": lambda content: LastRun(_one_of(content, "choice", ("take", "discard", "restore"))),
}


def _fire(content: Mapping[str, Any], action: str) -> Act:
    return Act(action, event=_text(content, "event", MAX_BYTES))


def _wait(content: Mapping[str, Any], action: str) -> Act:
    ms = content.get("ms")
    if isinstance(ms, bool) or not isinstance(ms, (int, float)) or not 0 <= ms <= LONGEST_WAIT:
        raise Malformed(f"ms: expected a number from 0 to {LONGEST_WAIT:,}, got {quote(ms)}")
    forward = content.get("forward", False)
    if not isinstance(forward, bool):
        raise Malformed(f"forward: expected true or false, got {quote(forward)}")
    return Act(action, ms=ms, forward=forward)


def _jump(content: Mapping[str, Any], action: str) -> Act:
    to = content.get("to")
    if isinstance(to, bool) or not isinstance(to, int) or to < 0:
        raise Malformed(f"to: expected an index of the trail, got {quote(to)}")
    return Act(action, to=to)


def _ask(content: Mapping[str, Any], action: str) -> Act:
    return Act(action, text=_text(content, "text", LONGEST_QUESTION))


def _open(content: Mapping[str, Any], action: str) -> Act:
    return Act(action, text=_text(content, "text", MAX_BYTES))


def _flag(content: Mapping[str, Any], action: str) -> Act:
    return Act(action, flag=_text(content, "flag", MAX_BYTES))


def _variant(content: Mapping[str, Any], action: str) -> Act:
    return Act(action, label=None if content.get("label") is None else _text(content, "label", MAX_BYTES))


def _mode(content: Mapping[str, Any], action: str) -> Act:
    return Act(action, mode=_text(content, "mode", 40))


def _observe(content: Mapping[str, Any], action: str) -> Act:
    return Act(action, sample=_object(content, "sample"))


def _begin(content: Mapping[str, Any], action: str) -> Act:
    return Act(action, position=_object(content, "position"))


def _object(content: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = content.get(name)
    if not isinstance(value, dict):
        raise Malformed(f"{name}: expected an object, got {quote(value)}")
    return value


def _plain(_: Mapping[str, Any], action: str) -> Act:
    return Act(action)


ACTIONS: dict[str, Callable[[Mapping[str, Any], str], Act]] = {
    "fire": _fire,
    "wait": _wait,
    "tick": _wait,
    "run": _plain,
    "pause": _plain,
    "finish": _plain,
    "cancel": _plain,
    "mode": _mode,
    "undo": _plain,
    "restart": _plain,
    "retry": _plain,
    "begin": _begin,
    "open": _open,
    "grant": _flag,
    "revoke": _flag,
    "variant": _variant,
    "observe": _observe,
    "jump": _jump,
    "ask": _ask,
    "close_terminal": _plain,
    "play_anyway": _plain,
}
"""What a player may do, by the name it has in a message."""


def one_line(text: str) -> str:
    """Return a label as one short line of printable characters."""
    flat = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * LONGEST_LABEL]).split())
    return flat if len(flat) <= LONGEST_LABEL else flat[: LONGEST_LABEL - 1] + "…"
