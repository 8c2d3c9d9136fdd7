"""Every rule has a world that trips it and nothing else, and a near miss that trips nothing."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import pytest

from tests.rules.house import event, house, move, with_event, with_events, with_state, without
from worldkit import World
from worldkit.core.profile import HOSTED, STUDIO, Profile
from worldkit.ruleset import RULES, lint

Json = dict[str, Any]


class Row(NamedTuple):
    """A rule's finding in one world and none in another.

    Attributes:
        rule: The rule.
        claim: What the row shows.
        trips: A world with one finding.
        misses: A world without any.
        path: Where the finding is, as the Studio spells it.
        only: The profile in which it holds; both when None.
        hosted_path: Where it is as the hosted kernel spells it, where that does not follow from ``path``.
    """

    rule: str
    claim: str
    trips: Json
    misses: Json
    path: str
    only: Profile | None = None
    hosted_path: str | None = None

    def spelled(self, profile: Profile) -> str:
        """Return the path as a profile spells it."""
        if profile is STUDIO:
            return self.path
        return self.hosted_path or re.sub(r"^(state|event|cutscene|sequence|mission)s\.([a-z_]+)", r"\1[\2]", self.path)


def _endless() -> Json:
    document = house()
    for id in ("garden", "cellar"):
        del document["scene"]["states"][id]["ending"]
    return document


def _one_ending() -> Json:
    document = house()
    del document["scene"]["states"]["cellar"]["ending"]
    return document


def _mission(**fields: Any) -> Json:
    objective = {"id": "key", "text": "Take the key", **fields.pop("objective", {})}
    return house(missions=[{"id": "m", "title": "Out", "objectives": [objective], **fields}])


def _cut(**fields: Any) -> Json:
    return house(cutscenes=[{"id": "stairs", "video": "stairs.mp4", "from": "hall", "to": "cellar", **fields}])


def _overlap(high: float) -> Json:
    return with_events(
        move("study", name="lamp_up", landWhen={"minLuminance": 120, "maxMotion": 9}),
        move("hall", name="lamp_down", at=["study"], landWhen={"maxLuminance": high}),
    )


def _variants(*labels: str) -> Json:
    return with_state("hall", variants=[{"label": label, "base": "A hall by candle."} for label in labels])


def _with_landing(way: Json) -> Json:
    document = with_state("landing")
    document["scene"]["events"].append(way)
    return document


def _with_way_out(*events: Json) -> Json:
    document = _with_landing(move("landing"))
    document["scene"]["events"] += events
    return document


def _event_with_frame(**fields: Any) -> Json:
    document = with_event(**fields)
    document["scene"]["states"]["hall"]["camera"] = {"static": "b" * 9, "dynamic": "c" * 10}
    return document


def _with_style(hall: str) -> Json:
    document = house(subject="A diver in grey.", styleTail=" Grain. ")
    for state in document["scene"]["states"].values():
        state["base"] = f"A diver in grey. {state['base']} Grain."
    document["scene"]["states"]["hall"]["base"] = hall
    return document


def _via(to: str) -> Json:
    return {"cutscenes": [{"id": "stairs", "video": "stairs.mp4", "from": "hall", "to": to}]}


def _tour(*stops: str) -> Json:
    return {"sequences": [{"id": "tour", "title": "Tour", "beats": [{"state": stop} for stop in stops]}]}


def _prose(words: int) -> str:
    return " ".join(["slate"] * words)


PHASES = [{"base": "The rug.", "camera": "Low."}, {"base": "The desk.", "camera": "Wide."}]
CONSOLE = {"persona": "The house."}

ROWS = [
    Row("no-entrance", "states and no entrance", without("entrance"), house(), "entrance"),
    Row(
        "entrance-missing-state",
        "the entrance names nothing",
        house(entrance={"state": "attic"}),
        house(entrance={"state": "hall"}),
        "entrance.state",
        only=STUDIO,
    ),
    Row(
        "dangling-ref",
        "the hosted kernel's word for an entrance that names nothing",
        house(entrance={"state": "attic"}),
        house(entrance={"state": "hall"}),
        "entrance.state",
        only=HOSTED,
    ),
    Row(
        "dangling-ref",
        "the outro plays in a state that is missing",
        house(outro={"video": "out.mp4", "flag": "key", "state": "attic"}),
        house(outro={"video": "out.mp4", "flag": "key", "state": "hall"}),
        "outro.state",
    ),
    Row("dangling-ref", "to names nothing", with_event(**move("attic")), with_event(**move()), "events.cross.to"),
    Row(
        "dangling-ref",
        "to may be a cutscene",
        with_event(**move("stairs")),
        {**_cut(), "scene": with_event(**move("stairs"))["scene"]},
        "events.cross.to",
        only=STUDIO,
    ),
    Row(
        "dangling-ref",
        "a hosted server takes states only in to",
        {**_cut(), "scene": with_event(**move("stairs"))["scene"]},
        {**_cut(), "scene": with_event(**move("cellar"))["scene"]},
        "events.cross.to",
        only=HOSTED,
    ),
    Row("dangling-ref", "from names nothing", with_event(at=["attic"]), with_event(at=["study"]), "events.look.from"),
    Row("transition-needs-to", "no destination", with_event(**move(None)), with_event(), "events.cross.to"),
    Row(
        "transition-needs-to",
        "an override with a destination",
        with_event(to="study"),
        with_event(**move("study")),
        "events.look.to",
        only=HOSTED,
    ),
    Row(
        "sole-affordance-lose-trap",
        "the only way on is to lose",
        _with_way_out(move("cellar", name="jump", at=["landing"])),
        _with_way_out(move("cellar", name="jump", at=["landing"]), event(at=["landing"])),
        "states.landing",
        only=HOSTED,
    ),
    Row(
        "sole-affordance-lose-trap",
        "what is locked, hidden or to be clicked is not free",
        _with_way_out(
            move("cellar", name="jump", at=["landing"]),
            move("hall", name="back", at=["landing"], requires=["key"]),
            move("hall", name="slip", at=["landing"], hidden=True, autoAfterMs=9000),
            move("hall", name="rope", at=["landing"], anchor={"label": "rope", "minProximity": 0.2}),
        ),
        _with_way_out(move("cellar", name="jump", at=["landing"], requires=["key"])),
        "states.landing",
        only=HOSTED,
    ),
    Row("orphan-event", "an empty from", with_event(at=[]), with_event(at="hall"), "events.look.from"),
    Row(
        "unreachable-require",
        "nothing grants it",
        with_event(requires=["crown"]),
        with_event(requires=["key"]),
        "events.look.requires",
    ),
    Row(
        "unreachable-require",
        "opening a console grants nothing",
        with_events(event(name="ask", kind="terminal", terminal=CONSOLE, grants=["crown"]), event(requires=["crown"])),
        with_events(event(name="ask", grants=["crown"]), event(requires=["crown"])),
        "events.look.requires",
    ),
    Row(
        "lethal-override",
        "a killing snaps back",
        with_event(base="The guard is killed on the stair."),
        with_event(**move(base="The guard is killed on the stair.")),
        "events.look.base",
    ),
    Row(
        "lethal-override",
        "in its name",
        with_event(name="shoot_the_guard"),
        with_event(name="chase_the_executive_killer"),
        "events.shoot_the_guard.name",
    ),
    Row(
        "lethal-override",
        "in a phase as well",
        with_event(phases=[{"base": "Two men are gunned down."}]),
        with_event(phases=[{"base": "Two men lie dead, shot."}]),
        "events.look.phases[0].base",
    ),
    Row(
        "auto-needs-pixels",
        "a zone on a label alone",
        with_event(landWhen={"auto": True, "label": "lamp", "minExtent": 0.1}),
        with_event(landWhen={"auto": True, "label": "lamp", "minExtent": 0.1, "minLuminance": 4}),
        "events.look.landWhen",
    ),
    Row(
        "auto-needs-pixels",
        "motion is enough in the Studio alone",
        with_event(landWhen={"auto": True, "minMotion": 4}),
        with_event(landWhen={"auto": True, "minMotion": 4, "maxLuminance": 200}),
        "events.look.landWhen",
        only=HOSTED,
    ),
    Row(
        "luminance-overlap",
        "there and back at 120",
        _overlap(120),
        _overlap(119.5),
        "events.lamp_down.landWhen.maxLuminance",
    ),
    Row(
        "sequence-beat-missing",
        "a beat names nothing",
        house(**_tour("hall", "attic")),
        house(**_tour("hall", "study")),
        "sequences.tour.beats[1]",
    ),
    Row(
        "objective-unreachable",
        "nothing grants its flag",
        _mission(objective={"grants": "crown"}),
        _mission(),
        "missions.m.objectives[0]",
    ),
    Row(
        "negation",
        "in a state's base",
        with_state("hall", base="A hall without a lamp."),
        with_state("hall", base="A hall known for its snow-white knots; nobody is nonplussed.", narration="No lamp!"),
        "states.hall.base",
    ),
    Row(
        "negation",
        "in movement and not in camera",
        with_state("hall", movement={"static": "Still.", "dynamic": "She walks and doesn’t stop."}),
        with_state("hall", camera={"static": "No cut.", "dynamic": "Never tilting."}),
        "states.hall.movement.dynamic",
    ),
    Row(
        "negation",
        "in an ambient line",
        with_state("hall", ambient=["Dust turns.", "The clock won't tick."]),
        with_state("hall", ambient=["Dust turns."]),
        "states.hall.ambient[1]",
    ),
    Row(
        "negation",
        "in a variant",
        with_state("hall", variants=[{"label": "B", "base": "A hall with nothing in it."}]),
        with_state(
            "hall", variants=[{"label": "B", "base": "Bare tiles.", "camera": {"static": "No.", "dynamic": "No."}}]
        ),
        "states.hall.variants[0].base",
        hosted_path="state[hall].variant[B].base",
    ),
    Row(
        "negation",
        "without its apostrophe",
        with_state("hall", ambient=["The clock wont tick."]),
        with_state("hall", ambient=["The clock, as is its custom, ticks."]),
        "states.hall.ambient[0]",
    ),
    Row(
        "negation",
        "in an event's detail",
        with_event(detail="NOT a sound"),
        with_event(camera="Not a cut.", narration="Not yet."),
        "events.look.detail",
    ),
    Row(
        "negation",
        "in an event's movement",
        with_event(movement="She never turns."),
        with_event(movement="She keeps her back to us."),
        "events.look.movement",
    ),
    Row(
        "negation",
        "in a phase",
        with_event(phases=[{"base": "None of the desk."}]),
        with_event(phases=[{"base": "The desk.", "camera": "No tilt."}]),
        "events.look.phases[0].base",
    ),
    Row(
        "whiteout",
        "in a transition's base",
        with_event(**move(base="The door opens on a blinding field.")),
        with_event(base="The door opens on a blinding field."),
        "events.cross.base",
    ),
    Row(
        "whiteout",
        "in a phase of one",
        with_event(**move(phases=[{"base": "The sky, over-exposed."}])),
        with_event(**move(phases=[{"base": "A figure in white out on the exposed rocks."}])),
        "events.cross.phases[0].base",
    ),
    Row(
        "whiteout",
        "in its camera",
        with_event(**move(camera="The lens bloomed.")),
        with_event(**move(camera="The lens flares at one edge.")),
        "events.cross.camera",
    ),
    Row(
        "whiteout",
        "in a phase of an override",
        with_event(phases=[{"base": "A blinding lamp."}]),
        with_event(base="A blinding lamp."),
        "events.look.phases[0].base",
    ),
    Row(
        "budget",
        "1901 characters standing still",
        with_state("hall", base="a" * 1895, camera={"static": "bbbbb", "dynamic": "ccc"}, ambient=["d" * 900]),
        with_state("hall", base="a" * 1895, camera={"static": "bbbb", "dynamic": "cccc"}, ambient=["d" * 900]),
        "states.hall.base",
        only=HOSTED,
        hosted_path="state[hall] (static)",
    ),
    Row(
        "budget",
        "a character outside the basic plane counts as two, as in JavaScript",
        with_state("hall", base="🗝" * 948, movement={"static": "", "dynamic": "aaaa"}),
        with_state("hall", base="🗝" * 948, movement={"static": "", "dynamic": "aaa"}),
        "states.hall.base",
        only=HOSTED,
        hosted_path="state[hall] (dynamic)",
    ),
    Row(
        "budget",
        "an event with its state's camera",
        _event_with_frame(base="a" * 1890),
        _event_with_frame(base="a" * 1889),
        "events.look.base",
        only=HOSTED,
        hosted_path="event[look] (dynamic)",
    ),
    Row(
        "budget",
        "a variant in one of its prompts",
        with_state(
            "hall",
            camera={"static": "b" * 50, "dynamic": "c" * 51},
            variants=[{"label": "B", "base": "a" * 1849}],
        ),
        with_state(
            "hall",
            camera={"static": "b" * 50, "dynamic": "c" * 50},
            variants=[{"label": "B", "base": "a" * 1849}],
        ),
        "states.hall.variants[0].base",
        only=HOSTED,
        hosted_path="state[hall].variant[B] (dynamic)",
    ),
    Row(
        "budget",
        "1901 characters over all layers",
        with_state("hall", base="a" * 1885, camera={"static": "bbb", "dynamic": "ccc"}, ambient=["dd", "eeee"]),
        with_state("hall", base="a" * 1884, camera={"static": "bbb", "dynamic": "ccc"}, ambient=["dd", "eeee"]),
        "states.hall.base",
        only=STUDIO,
    ),
    Row(
        "budget",
        "a variant with its state's camera",
        with_state(
            "hall",
            camera={"static": "b" * 50, "dynamic": "c" * 50},
            variants=[{"label": "B", "base": "a" * 1799}],
        ),
        with_state(
            "hall",
            camera={"static": "b" * 50, "dynamic": "c" * 50},
            variants=[{"label": "B", "base": "a" * 1798}],
        ),
        "states.hall.variants[0].base",
        only=STUDIO,
    ),
    Row(
        "budget",
        "an event's own prompt",
        with_event(base="a" * 1890, camera="b" * 10),
        with_event(base="a" * 1890, camera="b" * 9, narration=_prose(400)),
        "events.look.base",
        only=STUDIO,
    ),
    Row(
        "budget",
        "a phase's prompt",
        with_event(phases=[{"base": "a" * 1890, "detail": "b" * 10}]),
        with_event(phases=[{"base": "a" * 1890, "detail": "b" * 9}]),
        "events.look.phases[0].base",
        hosted_path="event[look].phases[0]",
    ),
    Row(
        "sliver-evidence",
        "an anchor of any size",
        with_event(anchor={"label": "lamp"}),
        with_event(anchor={"label": "lamp", "minProximity": 0}),
        "events.look.anchor.minProximity",
    ),
    Row(
        "sliver-evidence",
        "a label of any size",
        with_event(**move(landWhen={"label": "lamp"})),
        with_event(**move(landWhen={"label": "lamp", "minExtent": 0})),
        "events.cross.landWhen.minExtent",
    ),
    Row(
        "shared-phase-camera",
        "two phases, one camera",
        with_event(phases=[PHASES[0], {"base": "The desk."}]),
        with_event(phases=PHASES),
        "events.look.phases[1].camera",
        only=STUDIO,
    ),
    Row(
        "shared-phase-camera",
        "two phases share the event's camera",
        with_event(camera="Low.", phases=[PHASES[0], {"base": "The desk."}]),
        with_event(phases=[PHASES[0], {"base": "The desk."}]),
        "events.look.phases[1].camera",
        only=HOSTED,
    ),
    Row(
        "shared-phase-camera",
        "one phase may do without",
        with_event(phases=[{"base": "The rug."}, {"base": "The desk."}]),
        with_event(phases=[{"base": "The rug."}]),
        "events.look.phases[0].camera",
        only=STUDIO,
    ),
    Row(
        "unreachable-state",
        "no way in",
        with_state("landing"),
        _with_landing(move("landing")),
        "states.landing",
    ),
    Row(
        "unreachable-state",
        "a cutscene leads to its to",
        _with_landing(event()),
        {**_with_landing(move("stairs")), **_via("landing")},
        "states.landing",
        only=STUDIO,
    ),
    Row(
        "unreachable-state",
        "a set-piece leads to its beats",
        _with_landing(event()),
        {**_with_landing(event()), **_tour("hall", "landing")},
        "states.landing",
    ),
    Row("no-ending", "nobody can win or lose", _endless(), _one_ending(), "scene.states"),
    Row(
        "objective-ungrounded",
        "its target was not verified",
        _mission(objective={"grounded": {"target": "brass key"}}, verified=["lamp"]),
        _mission(objective={"grounded": {"target": "Brass Key"}}, verified=["lamp", "brass key"]),
        "missions.m.objectives[0].grounded.target",
    ),
    Row(
        "objective-ungrounded",
        "a mission that was not probed is let be",
        _mission(objective={"grounded": {"target": "brass key"}}, verified=[]),
        _mission(objective={"grounded": {"target": "brass key"}}),
        "missions.m.objectives[0].grounded.target",
    ),
    Row(
        "duplicate-event",
        "one name twice",
        with_events(event(), event(at=["study"])),
        with_events(event(), event(name="look ", at=["study"])),
        "events.look.name",
        only=STUDIO,
    ),
    Row(
        "ending-not-terminal",
        "a way out of a lost game",
        with_event(**move("hall", at=["cellar"])),
        with_event(at=["cellar"]),
        "events.cross.from",
    ),
    Row(
        "no-subject-in-base",
        "the subject and the style are in all bases but one",
        _with_style("A hall in lamplight."),
        _with_style("A diver in grey. A hall in lamplight. Grain."),
        "states.hall.base",
        only=HOSTED,
    ),
    Row(
        "kernel-fields",
        "templates are filled on the server",
        house(kernel={"fields": {"state[hall].base": {"template": "t"}}}),
        house(kernel={"fields": {}, "lexicon": {"lamp": "a lamp"}, "allow": {"state[hall].base": ["negation"]}}),
        "kernel.fields",
        only=HOSTED,
    ),
    Row("cutscene-lands-nowhere", "its to names nothing", _cut(to="attic"), _cut(), "cutscenes.stairs.to"),
    Row(
        "override-with-to",
        "an override with a destination",
        with_event(to="study"),
        with_event(**move("study")),
        "events.look.to",
        only=STUDIO,
    ),
    Row(
        "override-with-to",
        "a terminal with one",
        with_event(kind="terminal", terminal=CONSOLE, to="study"),
        with_event(kind="terminal", terminal=CONSOLE),
        "events.look.to",
    ),
    Row(
        "hidden-unfired",
        "no button and nothing else",
        with_event(hidden=True, hotkey="k", landWhen={"minMotion": 3}),
        with_event(hidden=True, landWhen={"minLuminance": 3, "auto": True}),
        "events.look.hidden",
    ),
    Row(
        "hidden-unfired",
        "a timer fires it",
        with_event(hidden=True),
        with_event(hidden=True, autoAfterMs=0),
        "events.look.hidden",
    ),
    Row(
        "hidden-unfired",
        "a waypoint fires it",
        with_event(hidden=True),
        with_event(hidden=True, waypoint={"label": "door", "distanceM": 10}),
        "events.look.hidden",
    ),
    Row("reserved-hotkey", "a drive key", with_event(hotkey="W"), with_event(hotkey="e"), "events.look.hotkey"),
    Row("reserved-hotkey", "an arrow", with_event(hotkey="ArrowUp"), with_event(hotkey="?"), "events.look.hotkey"),
    Row("reserved-hotkey", "a digit", with_event(hotkey="7"), with_event(hotkey="é"), "events.look.hotkey"),
    Row(
        "reserved-hotkey",
        "a digit of another script",
        with_event(hotkey="٣"),
        with_event(hotkey="½"),
        "events.look.hotkey",
    ),
    Row("long-hotkey", "none", with_event(hotkey=""), with_event(hotkey="x"), "events.look.hotkey"),
    Row("long-hotkey", "two characters", with_event(hotkey="F1"), with_event(hotkey="🗝"), "events.look.hotkey"),
    Row("reserved-hotkey", "space", with_event(hotkey=" "), with_event(hotkey=None), "events.look.hotkey"),
    Row(
        "clashing-hotkey",
        "one key in one state",
        with_events(event(hotkey="k"), event(name="listen", at=["study", "hall"], hotkey="K")),
        with_events(event(hotkey="k"), event(name="listen", at=["study"], hotkey="K")),
        "events.listen.hotkey",
    ),
    Row(
        "clashing-hotkey",
        "a hidden event has no key",
        with_events(event(hotkey="k"), event(name="listen", hotkey="k")),
        with_events(event(hotkey="k"), event(name="listen", hotkey="k", hidden=True, autoAfterMs=900)),
        "events.listen.hotkey",
    ),
    Row(
        "ungranted-flag",
        "a fact that is never told",
        with_event(kind="terminal", terminal={**CONSOLE, "facts": [{"text": "It drips.", "requires": ["crown"]}]}),
        with_event(kind="terminal", terminal={**CONSOLE, "facts": [{"text": "It drips.", "requires": ["key"]}]}),
        "events.look.terminal.facts[0].requires",
    ),
    Row(
        "ungranted-flag",
        "a clip that is always skipped",
        _cut(requires=["crown"]),
        _cut(requires=["key"]),
        "cutscenes.stairs.requires",
    ),
    Row(
        "ungranted-flag",
        "a mission that is never complete",
        _mission(complete="crown"),
        _mission(complete="key"),
        "missions.m.complete",
    ),
    Row(
        "ungranted-flag",
        "an outro that never plays",
        house(outro={"video": "out.mp4", "flag": "crown", "state": "garden"}),
        house(outro={"video": "out.mp4", "flag": "key", "state": "garden"}),
        "outro.flag",
        only=STUDIO,
    ),
    Row(
        "unreachable-require",
        "the hosted kernel's word for an outro that never plays",
        house(outro={"video": "out.mp4", "flag": "crown", "state": "garden"}),
        house(outro={"video": "out.mp4", "flag": "key", "state": "garden"}),
        "outro.flag",
        only=HOSTED,
    ),
    Row(
        "stale-ref", "a cutscene's start", _cut(**{"from": "attic"}), _cut(**{"from": "study"}), "cutscenes.stairs.from"
    ),
    Row(
        "stale-ref",
        "an objective's location",
        _mission(objective={"location": "attic"}),
        _mission(objective={"location": "study"}),
        "missions.m.objectives[0].location",
    ),
    Row(
        "stale-ref",
        "a state in the story",
        house(story={"logline": "Out.", "beats": [{"summary": "In.", "states": ["hall", "attic"]}]}),
        house(story={"logline": "Out.", "beats": [{"summary": "In.", "states": ["hall", "study"]}]}),
        "story.beats[0].states[1]",
    ),
    Row(
        "stale-ref",
        "a sequence in the story",
        house(story={"logline": "Out.", "beats": [{"summary": "In.", "sequence": "tour"}]}),
        house(
            story={"logline": "Out.", "beats": [{"summary": "In.", "sequence": "tour"}]},
            sequences=[{"id": "tour", "title": "Tour", "beats": [{"state": "hall"}]}],
        ),
        "story.beats[0].sequence",
    ),
    Row("cutscene-hides-state", "one id for both", _cut(id="cellar"), _cut(id="Cellar"), "cutscenes.cellar.id"),
    Row(
        "terminal-needs-console",
        "nobody answers",
        with_event(kind="terminal"),
        with_event(kind="terminal", terminal=CONSOLE),
        "events.look.terminal",
    ),
    Row(
        "duplicate-id",
        "two cutscenes",
        house(cutscenes=_cut()["cutscenes"] * 2),
        house(cutscenes=[*_cut()["cutscenes"], *_cut(id="ladder")["cutscenes"]]),
        "cutscenes.stairs.id",
    ),
    Row(
        "duplicate-id",
        "two sequences",
        house(sequences=[{"id": "tour", "title": "Tour", "beats": [{"state": "hall"}]}] * 2),
        house(sequences=[{"id": id, "title": "Tour", "beats": [{"state": "hall"}]} for id in ("tour", "tour2")]),
        "sequences.tour.id",
    ),
    Row(
        "duplicate-id",
        "two missions",
        house(missions=_mission()["missions"] * 2),
        house(missions=[{"id": id, "title": "Out", "objectives": []} for id in ("m", "n")]),
        "missions.m.id",
    ),
    Row(
        "duplicate-id",
        "two objectives",
        house(missions=[{"id": "m", "title": "Out", "objectives": [{"id": "key", "text": "Take it"}] * 2}]),
        house(
            missions=[{"id": id, "title": "Out", "objectives": [{"id": "key", "text": "Take it"}]} for id in ("m", "n")]
        ),
        "missions.m.objectives[1].id",
    ),
    Row(
        "duplicate-variant",
        "one label twice",
        _variants("B", "C", "B"),
        _variants("B", "C"),
        "states.hall.variants[2].label",
        hosted_path="state[hall].variant[B].label",
    ),
    Row(
        "unsafe-url",
        "a script for a cover",
        house(cover=" java\nscript:alert(1)"),
        house(cover="data:image/png;base64,AA=="),
        "cover",
    ),
    Row(
        "unsafe-url",
        "a page for a first frame",
        house(entrance={"state": "hall", "image": {"src": "data:text/html,x"}}),
        house(entrance={"state": "hall", "image": {"src": "pictures/hall: one.png"}}),
        "entrance.image.src",
    ),
    Row(
        "unsafe-url",
        "a picture for an intro",
        house(introVideo="data:image/png;base64,AA=="),
        house(introVideo="HTTPS://example.org/in.mp4"),
        "introVideo",
    ),
    Row(
        "unsafe-url",
        "a file for an outro",
        house(outro={"video": "file:///etc/passwd", "flag": "key", "state": "hall"}),
        house(outro={"video": "//example.org/out.mp4", "flag": "key", "state": "hall"}),
        "outro.video",
    ),
    Row(
        "unsafe-url", "a script for a clip", _cut(video="VBScript:x"), _cut(video="../a.mp4"), "cutscenes.stairs.video"
    ),
]


CASES = [
    pytest.param(row, profile, id=f"{profile.name}: {row.rule}: {row.claim}")
    for row in ROWS
    for profile in (HOSTED, STUDIO)
    if row.only in (None, profile)
]


@pytest.mark.parametrize(("row", "profile"), CASES)
def test_the_world_trips_exactly_this_rule_at_this_place(row: Row, profile: Profile) -> None:
    diagnostics = lint(World.from_dict(row.trips), profile)
    assert [(d.lint, d.path) for d in diagnostics] == [(row.rule, row.spelled(profile))]
    assert diagnostics[0].severity == RULES[row.rule].severity_in(profile)


@pytest.mark.parametrize(("row", "profile"), CASES)
def test_the_near_miss_trips_nothing(row: Row, profile: Profile) -> None:
    assert list(lint(World.from_dict(row.misses), profile)) == []


def test_two_events_of_one_name_are_also_a_dangling_reference_to_the_hosted_kernel() -> None:
    world = World.from_dict(with_events(event(), event(at=["study"])))
    assert [(d.lint, d.path) for d in lint(world)] == [
        ("dangling-ref", "event[look].name"),
        ("duplicate-event", "event[look].name"),
    ]


def test_every_rule_has_a_row() -> None:
    assert {row.rule for row in ROWS} == set(RULES)


def test_the_house_itself_is_clean() -> None:
    assert list(lint(World.from_dict(house()))) == list(lint(World.from_dict(house()), STUDIO)) == []


SPECIFIED_LEVELS = {
    "dangling-ref": "SE",
    "transition-needs-to": "SE",
    "sole-affordance-lose-trap": "S-",
    "duplicate-event": "SE",
    "negation": "aE",
    "whiteout": "aE",
    "lethal-override": "aE",
    "budget": "aE",
    "unreachable-require": "aE",
    "luminance-overlap": "aE",
    "auto-needs-pixels": "aE",
    "no-entrance": "aE",
    "entrance-missing-state": "-E",
    "orphan-event": "aE",
    "sequence-beat-missing": "aE",
    "objective-unreachable": "aE",
    "shared-phase-camera": "WW",
    "sliver-evidence": "WW",
    "unreachable-state": "WW",
    "no-ending": "WW",
    "objective-ungrounded": "WW",
    "ending-not-terminal": "WW",
    "no-subject-in-base": "W-",
}
"""The table of docs/spec/rules.md: hosted, then studio. A missing entrance is dangling-ref in hosted."""


@pytest.mark.parametrize("id", SPECIFIED_LEVELS)
def test_a_rule_has_the_severity_that_its_profile_gives_it(id: str) -> None:
    hosted_level, studio = SPECIFIED_LEVELS[id]
    severities = {"S": "error", "a": "warning", "E": "error", "W": "warning", "-": None}
    assert RULES[id].severity_in(HOSTED) == severities[hosted_level]
    assert RULES[id].severity_in(STUDIO) == severities[studio]
    assert (RULES[id].level(HOSTED) == "structural") == (hosted_level == "S")


def test_every_error_of_the_hosted_profile_is_structural() -> None:
    assert all(rule.level(HOSTED) == "structural" for rule in RULES.values() if rule.severity_in(HOSTED) == "error")


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_every_rule_speaks_to_writers(rule: Any) -> None:
    assert rule.title and not rule.title.endswith(".")
    assert 40 < len(rule.explanation) < 400
    assert rule.explanation.endswith(".")
    assert rule.check.__doc__
