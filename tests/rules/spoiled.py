"""Worlds of every kind of trouble: the shared strategy's documents, spoilt at random places."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.strategies import documents, flags, names, prose

Json = dict[str, Any]

ids = names | st.sampled_from(["", "nowhere", "a.b[0]", "x\ny", '<b>"&', "📯"])
words = st.sampled_from(
    [
        "no",
        "Never",
        "gun",
        "down",
        "white-out",
        "killed",
        "blown white",
        "don’t",
        "lane",
        "the",
        "a",
        ",",
        "İ",
        "\n",
        "x" * 950,
    ]
)
lines = prose | st.lists(words, max_size=6).map(" ".join)


@st.composite
def spoiled_documents(draw: st.DrawFn) -> Json:
    """Return world documents that are valid and may break any rule."""
    document = draw(documents(max_states=4, max_events=6))
    states, events = document["scene"]["states"], document["scene"]["events"]
    if draw(st.booleans()):
        document.pop("entrance", None)
    elif draw(st.booleans()):
        document["entrance"] = {"state": draw(ids), "image": {"src": draw(lines)}}
    for state in states.values():
        if draw(st.booleans()):
            state["base"] = draw(lines)
            state["movement"] = {"static": draw(lines), "dynamic": draw(lines)}
            state["variants"] = [{"label": "B", "base": draw(lines), "ambient": [draw(lines)]} for _ in range(2)]
    for event in events:
        for field, values in _EVENT.items():
            if draw(st.integers(0, 3)) == 0:
                event[field] = draw(values)
    for event in list(events):
        if draw(st.integers(0, 2)) == 0:
            events.insert(draw(st.integers(0, len(events))), {**draw(st.sampled_from(events)), "name": event["name"]})
    for field, values in _WORLD_FIELDS.items():
        if draw(st.integers(0, 2)) == 0:
            document[field] = draw(values)
    return document


_EVENT: dict[str, st.SearchStrategy[Any]] = {
    "kind": st.sampled_from(["transition", "override", "terminal"]),
    "from": st.lists(ids, max_size=2) | ids,
    "to": ids,
    "base": lines,
    "camera": lines,
    "movement": lines,
    "requires": st.lists(flags, max_size=2),
    "hidden": st.booleans(),
    "hotkey": st.sampled_from(["k", "K", " ", "Arrow Left", "-", "", "ß", None]),
    "anchor": st.fixed_dictionaries(
        {"label": lines},
        optional={"minProximity": st.floats(0, 1), "aliases": st.lists(lines, max_size=1), "x": st.none()},
    ),
    "landWhen": st.dictionaries(
        st.sampled_from(["minLuminance", "maxLuminance", "hits"]), st.integers(0, 9), min_size=1
    ).flatmap(lambda spec: st.booleans().map(lambda auto: {**spec, "auto": auto})),
    "phases": st.lists(
        st.fixed_dictionaries({"base": lines}, optional={"camera": lines, "detail": lines}), min_size=1, max_size=3
    ),
}

_WORLD_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "cover": st.sampled_from(["javascript:alert(1)", "data:image/png,x", "a.png", "\tfile:/x", "", None]),
    "outro": st.fixed_dictionaries({"video": lines, "flag": flags, "state": ids}),
    "cutscenes": st.lists(
        st.fixed_dictionaries(
            {"id": ids, "video": lines, "from": ids, "to": ids}, optional={"requires": st.lists(flags)}
        ),
        max_size=3,
    ),
    "sequences": st.lists(
        st.fixed_dictionaries(
            {
                "id": ids,
                "title": lines,
                "beats": st.lists(
                    st.fixed_dictionaries({"state": ids}, optional={"dwell": st.sampled_from(["settle", "input"])}),
                    max_size=3,
                ),
            }
        ),
        max_size=2,
    ),
    "missions": st.lists(
        st.fixed_dictionaries(
            {
                "id": ids,
                "title": lines,
                "objectives": st.lists(
                    st.fixed_dictionaries(
                        {"id": ids, "text": lines},
                        optional={
                            "location": ids,
                            "grants": flags,
                            "grounded": st.fixed_dictionaries({"target": lines}),
                        },
                    ),
                    max_size=2,
                ),
            },
            optional={"complete": flags, "verified": st.lists(lines, max_size=1)},
        ),
        max_size=2,
    ),
    "story": st.fixed_dictionaries(
        {"logline": lines},
        optional={
            "beats": st.lists(
                st.fixed_dictionaries({"summary": lines}, optional={"states": st.lists(ids), "sequence": ids}),
                max_size=2,
            )
        },
    ),
}
