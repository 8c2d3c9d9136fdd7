"""Where a world can name a flag: in its events, and in the world's own fields."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping

from worldkit.core.json_values import Json
from worldkit.editing import refs
from worldkit.editing.refs import EACH_ITEM, Path

FLAG_LISTS = ("requires", "grants")
"""The fields of an event that list flags."""

FLAG_REFS: Mapping[str, tuple[Path, ...]] = {
    "cutscenes": ((EACH_ITEM, "requires", EACH_ITEM),),
    "missions": (
        (EACH_ITEM, "complete"),
        (EACH_ITEM, "objectives", EACH_ITEM, "grants"),
        (EACH_ITEM, "objectives", EACH_ITEM, "requires", EACH_ITEM),
    ),
    "outro": (("flag",),),
}
"""The path of every flag outside the events, by top-level field; as ``refs.STATE_REFS`` for states."""

FACT_FLAGS: Path = ("terminal", "facts", EACH_ITEM, "requires", EACH_ITEM)


def event_flags(body: Json) -> Iterator[tuple[str, str]]:
    """Yield the flags an event names, each with the field; a console's facts are one field."""
    for field in FLAG_LISTS:
        for flag in body.get(field, ()):
            yield field, flag
    for fact in body.get("terminal", {}).get("facts", ()):
        for flag in fact.get("requires", ()):
            yield "terminal", flag


def field_flags(fields: Json) -> Iterator[tuple[str, str]]:
    """Yield the flags the world's own fields name, each with the field."""
    for field, paths in FLAG_REFS.items():
        if field in fields:
            for path in paths:
                for mention in refs.mentions(fields[field], path):
                    yield field, mention.id


def rename_in_event(body: Json, change: Callable[[str], str]) -> Json:
    """Return an event with its flags changed; the same object when none is."""
    fields: Json = {}
    for field in FLAG_LISTS:
        flags = body.get(field)
        if flags and (names := [change(name) for name in flags]) != flags:
            fields[field] = names
    if "terminal" in body:
        terminal = refs.replace_at(body["terminal"], FACT_FLAGS[1:], change)
        if terminal is not body["terminal"]:
            fields["terminal"] = terminal
    return {**body, **fields} if fields else body


def default_flags(fields: Json) -> Iterator[str]:
    """Yield the flags of the objectives that name none: an objective grants its id then."""
    for mission in fields.get("missions", ()):
        for objective in mission["objectives"]:
            if "grants" not in objective:
                yield objective["id"]


def objectives_with_flag(fields: Json) -> set[str]:
    """Return the ids of the objectives that name a flag."""
    return {
        objective["id"]
        for mission in fields.get("missions", ())
        for objective in mission["objectives"]
        if "grants" in objective
    }


def without_explicit_flags(missions: list[Json], except_in: Container[str]) -> list[Json]:
    """Return missions in which objectives do not name a flag that is their id, except those of some ids."""

    def is_explicit(objective: Json) -> bool:
        return objective.get("grants") == objective["id"] and objective["id"] not in except_in

    return [
        {
            **mission,
            "objectives": [
                {key: value for key, value in objective.items() if key != "grants"}
                if is_explicit(objective)
                else objective
                for objective in mission["objectives"]
            ],
        }
        for mission in missions
    ]


def with_explicit_flags(missions: list[Json], flags: Container[str]) -> list[Json]:
    """Return missions in which the objectives that grant one of some flags by their id say so in ``grants``."""
    return [
        {
            **mission,
            "objectives": [
                {**objective, "grants": objective["id"]}
                if "grants" not in objective and objective["id"] in flags
                else objective
                for objective in mission["objectives"]
            ],
        }
        for mission in missions
    ]


def texts_by_flag(missions: Iterable[Json], texts: dict[str, str] | None = None) -> dict[str, str]:
    """Return the text of the first objective that gives each flag; added to the texts of earlier missions, if given."""
    texts = {} if texts is None else texts
    for mission in missions:
        for objective in mission["objectives"]:
            texts.setdefault(given_flag(objective), objective["text"])
    return texts


def given_flag(objective: Json) -> str:
    """Return the flag that an objective gives: the one it names, else its id."""
    flag: str = objective["grants"] if "grants" in objective else objective["id"]
    return flag
