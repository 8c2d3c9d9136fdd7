"""Hypothesis strategies shared by every room's property tests: worlds that hang together."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]

names = st.one_of(
    st.sampled_from(["lane", "gate", "attic", "cellar", "a b", "x.y", "café", "s__1"]),
    st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" "), min_size=1, max_size=8),
)
flags = st.sampled_from(["key", "lamp", "oil", "map", "coin"])
prose = st.one_of(
    st.sampled_from(
        [
            "A stone lane runs between dry walls under low cloud.",
            "Rain beads on the iron gate and the lamp beside it.",
            "The attic smells of cedar; dust turns in one bar of sun.",
            "No light, blinding white-out.",
            "",
        ]
    ),
    st.text(max_size=40),
)
any_json = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.floats(-10, 10) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=4,
)
extras = st.dictionaries(st.sampled_from(["x", "hudLine", "music", "voicePart"]), any_json, max_size=2)
pairs = st.fixed_dictionaries({"static": prose, "dynamic": prose})


def merge_objects(*parts: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    """Return objects with the keys of every part, later parts winning."""
    return st.tuples(*parts).map(lambda dicts: {k: v for d in dicts for k, v in d.items()})


STATE_BODIES = merge_objects(
    extras,
    st.fixed_dictionaries(
        {"base": prose},
        optional={
            "camera": pairs,
            "movement": pairs,
            "ambient": st.lists(prose, max_size=2),
            "ending": st.fixed_dictionaries(
                {"kind": st.sampled_from(["win", "lose"]), "title": prose}, optional={"subtitle": prose}
            ),
            "narration": prose,
            "arriveLabel": prose,
            "variants": st.lists(
                st.fixed_dictionaries({"label": st.sampled_from(["B", "C", "D"]), "base": prose}),
                max_size=2,
                unique_by=lambda v: v["label"],
            ),
        },
    ),
)


def states() -> st.SearchStrategy[Json]:
    """Return State bodies."""
    return STATE_BODIES


# What does not depend on the states there are is built once: Hypothesis examines a strategy anew each time it is built.
EVENT_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "base": prose,
    "detail": prose,
    "camera": prose | pairs,
    "movement": prose | pairs,
    "narration": prose,
    "hotkey": st.sampled_from(["k", "e", "1", "w", None]),
    "hidden": st.booleans(),
    "oneShot": st.booleans(),
    "requires": st.lists(flags, max_size=2, unique=True),
    "grants": st.lists(flags, max_size=2, unique=True),
    "lockedHint": prose,
    "autoAfterMs": st.integers(0, 20000),
    "minPlayMs": st.integers(0, 5000),
    "phases": st.lists(
        st.fixed_dictionaries(
            {"base": prose}, optional={"minMs": st.integers(0, 4000), "drive": st.none() | st.just({"x": 1})}
        ),
        min_size=1,
        max_size=2,
    ),
}
TERMINALS = st.fixed_dictionaries(
    {"persona": prose},
    optional={
        "greeting": prose,
        "facts": st.lists(
            st.fixed_dictionaries({"text": prose}, optional={"requires": st.lists(flags, max_size=1)}),
            max_size=2,
        ),
    },
)


def event_bodies(ids: list[str]) -> st.SearchStrategy[Json]:
    """Return Event bodies without a name; every reference is one of ``ids``."""
    state = st.sampled_from(ids)
    common = {"from": st.lists(state, min_size=1, max_size=3, unique=True)}
    move = st.fixed_dictionaries({"kind": st.just("transition"), **common, "to": state}, optional=EVENT_FIELDS)
    stay = st.fixed_dictionaries({"kind": st.just("override"), **common}, optional=EVENT_FIELDS)
    console = st.fixed_dictionaries({"kind": st.just("terminal"), **common, "terminal": TERMINALS})
    return merge_objects(extras, st.one_of(move, move, stay, console))


def places(ids: list[str], titles: list[str]) -> st.SearchStrategy[str]:
    """Return places in a world as the hosted platform spells them."""
    heads = [*(f"state[{id}]" for id in ids), *(f"event[{title}]" for title in titles), "state[new one]"]
    return st.tuples(st.sampled_from(heads), st.sampled_from(["", ".base", ".phases[1].base"])).map("".join)


@st.composite
def documents(draw: st.DrawFn, max_states: int = 6, max_events: int = 8) -> Json:
    """Return world documents whose references all hold and whose names are unique."""
    ids = draw(st.lists(names, min_size=1, max_size=max_states, unique=True))
    titles = draw(st.lists(names, max_size=max_events, unique=True))
    bodies = event_bodies(ids)
    events = []
    for title in titles:
        body = draw(bodies)
        events.append(dict(draw(st.permutations(list({"name": title, **body}.items())))))
    document: Json = {
        "schemaVersion": "1.0",
        "scene": {"states": {i: draw(states()) for i in ids}, "events": events, **draw(extras)},
    }
    optional: dict[str, st.SearchStrategy[Any]] = {
        "name": prose,
        "description": prose,
        "cover": st.none() | prose,
        "entrance": st.fixed_dictionaries({"state": st.sampled_from(ids)}),
        "subject": prose,
        "styleTail": prose,
        "narrate": st.booleans(),
        "kernel": st.fixed_dictionaries(
            {"allow": st.dictionaries(places(ids, titles), st.just(["negation"]), max_size=2)}
        ),
        "story": st.fixed_dictionaries({"logline": prose}),
        "sequences": st.lists(
            st.fixed_dictionaries(
                {
                    "id": names,
                    "title": prose,
                    "beats": st.lists(
                        st.fixed_dictionaries(
                            {"state": st.sampled_from(ids)},
                            optional={
                                "dwell": st.sampled_from(["settle", "input"])
                                | st.fixed_dictionaries({"ms": st.integers(0, 900)})
                            },
                        ),
                        min_size=1,
                        max_size=3,
                    ),
                }
            ),
            max_size=1,
        ),
    }
    document.update(draw(st.fixed_dictionaries({}, optional=optional)))
    if draw(st.booleans()):
        cutscene_id = draw(names.filter(lambda n: n not in ids))
        document["cutscenes"] = [
            {
                "id": cutscene_id,
                "video": "clip.mp4",
                "from": draw(st.sampled_from(ids)),
                "to": draw(st.sampled_from(ids)),
                **draw(st.fixed_dictionaries({}, optional={"requires": st.lists(flags, max_size=1)})),
            }
        ]
        for event in events:
            if event["kind"] == "transition" and draw(st.booleans()):
                event["to"] = cutscene_id
    document.update(draw(extras))
    return dict(draw(st.permutations(list(document.items()))))
