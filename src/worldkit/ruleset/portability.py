"""``portability``: what the hosted player would do differently with a world (docs/spec/runtime.md).

Each function is one point in which the players differ. It reports only what a player of this world can notice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from worldkit.core.conversion import PAIRS, convert
from worldkit.core.diagnostics import Diagnostic, Diagnostics, Item, ItemKind
from worldkit.core.document import Document, json_of
from worldkit.core.json_values import Json, quote
from worldkit.core.profile import HOSTED
from worldkit.ruleset.index import STATIONARY_KINDS

MIN_PLAY_MS = 6000
"""How long the hosted player plays an event that says nothing itself, and the most once its arrival is verified."""
MIN_PHASE_MS = 1000
NARRATED_ID_PREFIXES = ("bc_", "chapter_")
"""How the ids of states begin for which the hosted player derives a line whatever ``narrate`` says."""


class Difference(NamedTuple):
    """One thing that the hosted player does otherwise, and where."""

    message: str
    kind: ItemKind
    id: str = ""
    field: str = ""


Point = Callable[[Json], Iterator[Difference]]


def portability(world: Document) -> Diagnostics:
    """Return what the hosted player would do differently with a world, and what is written otherwise for it."""
    raw = json_of(world)
    items = list(convert(raw, HOSTED).notes)
    for name, point in POINTS.items():
        for difference in point(raw):
            path = HOSTED.path(difference.kind, difference.id, difference.field)
            place = Item(difference.kind, difference.id, difference.field)
            items.append(Diagnostic(name, "info", path, difference.message, place))
    return Diagnostics(items, world)


def _events(raw: Json) -> Iterator[tuple[str, Json]]:
    return ((event["name"], event) for event in raw["scene"]["events"])


def _sources(event: Json) -> list[str]:
    return [event["from"]] if isinstance(event["from"], str) else event["from"]


def _has_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


# ---- the points ----------------------------------------------------------------------------------


def required_fields(raw: Json) -> Iterator[Difference]:
    """A hosted server requires a name and an entrance that exists."""
    if not _has_text(raw.get("name")):
        yield Difference("the hosted server requires a name, and there is none", "world", field="name")
    entrance = raw.get("entrance")
    if entrance is None:
        yield Difference("the hosted server requires an entrance, and there is none", "world", field="entrance")
    elif entrance["state"] not in raw["scene"]["states"]:
        message = f"the hosted server requires an entrance that exists, and there is no {quote(entrance['state'])}"
        yield Difference(message, "world", field="entrance.state")


def locked_events(raw: Json) -> Iterator[Difference]:
    """An event with an anchor is not shown locked."""
    for name, event in _events(raw):
        if event.get("requires") and "lockedHint" in event and "anchor" in event:
            message = "the hosted player does not show it while it is locked, because it has an anchor"
            yield Difference(message, "event", name, "lockedHint")


def timers(raw: Json) -> Iterator[Difference]:
    """Timers fire transitions only, and do not check flags or whether the event was used."""
    for name, event in _events(raw):
        if "autoAfterMs" not in event:
            continue
        if event["kind"] in STATIONARY_KINDS:
            message = "in the hosted player it never fires by itself: only transitions have timers there"
            yield Difference(message, "event", name, "autoAfterMs")
        if event["kind"] != "transition":
            continue
        if event.get("requires"):
            message = "the hosted player's timer fires it without its flags"
            yield Difference(message, "event", name, "requires")
        if event.get("oneShot"):
            message = "the hosted player's timer fires it again in the same run"
            yield Difference(message, "event", name, "oneShot")


def waypoints(raw: Json) -> Iterator[Difference]:
    """Travelling to a waypoint was not seen to fire anything."""
    for name, event in _events(raw):
        if "waypoint" in event:
            how = "so nothing fires it" if _fires_by_waypoint_only(event) else "it has to be pressed"
            message = f"the hosted player was not seen to fire an event whose waypoint is reached; {how}"
            yield Difference(message, "event", name, "waypoint")


def _fires_by_waypoint_only(event: Json) -> bool:
    return bool(event.get("hidden")) and "autoAfterMs" not in event and not event.get("landWhen", {}).get("auto")


def zones(raw: Json) -> Iterator[Difference]:
    """A trigger zone needs a luminance clause."""
    for name, event in _events(raw):
        evidence = event.get("landWhen", {})
        if evidence.get("auto") and not evidence.keys() & {"minLuminance", "maxLuminance"}:
            message = "in the hosted player this zone never fires by itself: it has no luminance clause"
            yield Difference(message, "event", name, "landWhen.auto")


def grants_at_press(raw: Json) -> Iterator[Difference]:
    """An override's flags are added when it is pressed."""
    for name, event in _events(raw):
        waits = "landWhen" in event and not event["landWhen"].get("auto")
        takes_time = waits or any(event.get(key) for key in ("phases", "minPlayMs"))
        if event["kind"] == "override" and event.get("grants") and takes_time:
            message = "the hosted player adds its flags when it is pressed, not when it lands"
            yield Difference(message, "event", name, "grants")


def least_time(raw: Json) -> Iterator[Difference]:
    """An event plays for six seconds unless it says otherwise, and phases for as long as they say."""
    events = [event for _, event in _events(raw) if event["kind"] == "transition" and not event.get("phases")]
    short = sum("minPlayMs" not in event for event in events)
    if short:
        what = "a transition without minPlayMs" if short == 1 else f"each of {short:,} transitions without minPlayMs"
        message = f"the hosted player plays {what} for {MIN_PLAY_MS} ms at the least; here it lands at once"
        yield Difference(message, "world", field="scene.events")
    for name, event in _events(raw):
        for index, phase in enumerate(event.get("phases", ())):
            if phase.get("minMs", MIN_PHASE_MS) < MIN_PHASE_MS:
                message = f"the hosted player plays this phase for {phase['minMs']:g} ms, here it takes {MIN_PHASE_MS}"
                yield Difference(message, "event", name, f"phases[{index}].minMs")
        if "landWhen" in event and event.get("minPlayMs", 0) > MIN_PLAY_MS:
            message = (
                f"once its arrival is seen, the hosted player lands it after {MIN_PLAY_MS} ms, not after minPlayMs"
            )
            yield Difference(message, "event", name, "minPlayMs")


def cutscenes(raw: Json) -> Iterator[Difference]:
    """A cutscene belongs to a pair of states, has a video, and plays after the landing."""
    cuts = raw.get("cutscenes") or ()
    by_id = {cutscene["id"]: cutscene for cutscene in reversed(cuts)}
    by_pair: dict[tuple[str, str], Json] = {}
    for cutscene in cuts:
        if not _has_text(cutscene["video"]):
            yield Difference("the hosted player skips it: it has no video", "cutscene", cutscene["id"], "video")
            continue
        first = by_pair.setdefault((cutscene["from"], cutscene["to"]), cutscene)
        if first["id"] != cutscene["id"]:
            name = quote(first["id"])
            message = f"the hosted player plays {name} there instead, which stands between the same two states"
            yield Difference(message, "cutscene", cutscene["id"])
    for name, event in _events(raw):
        if event["kind"] != "transition" or "to" not in event:
            continue
        named_cutscene, sources = by_id.get(event["to"]), dict.fromkeys(_sources(event))
        on_way = [by_pair[source, event["to"]] for source in sources if (source, event["to"]) in by_pair]
        if named_cutscene is not None:
            on_way = [named_cutscene]
            clip, start = quote(named_cutscene["id"]), quote(named_cutscene["from"])
            for source in sources:
                if source != named_cutscene["from"]:
                    message = f"from {quote(source)} the hosted player plays no cutscene: {clip} begins in {start}"
                    yield Difference(message, "event", name, "to")
        grants = set(event.get("grants", ()))
        late_flags = {cut["id"]: flag for cut in on_way for flag in cut.get("requires", ()) if flag in grants}
        for id, flag in late_flags.items():
            message = f"the hosted player plays {quote(id)} after the landing, when {quote(flag)} is held; "
            yield Difference(message + "here it is skipped the first time", "event", name, "to")


def event_prompts(raw: Json) -> Iterator[Difference]:
    """An event is drawn with its detail, and without a base of its own as the state it leaves, with its framing."""
    for name, event in _events(raw):
        if event["kind"] == "transition" and not _has_text(event.get("base")) and not event.get("phases"):
            message = (
                "it has no base: the hosted player streams that of the state it leaves, here that of its destination"
            )
            yield Difference(message, "event", name, "base")
    details = [event for _, event in _events(raw) if _has_text(event.get("base")) and _has_text(event.get("detail"))]
    if detail_count := len(details):
        what = "one event has" if detail_count == 1 else f"{detail_count:,} events have"
        message = f"{what} a base and a detail; the hosted player streams both, here the base alone"
        yield Difference(message, "world", field="scene.events")
    incomplete_count = sum(not all(event.get(pair) for pair in PAIRS) for _, event in _events(raw))
    if incomplete_count:
        what = "one event has no camera or movement of its own"
        if incomplete_count > 1:
            what = f"{incomplete_count:,} events have no camera or movement of their own"
        message = f"{what}; the hosted player takes those of the current state"
        yield Difference(message, "world", field="scene.events")


def derived_narration(raw: Json) -> Iterator[Difference]:
    """Some states get a line without being asked."""
    if raw.get("narrate"):
        return
    for id, state in raw["scene"]["states"].items():
        if id.startswith(NARRATED_ID_PREFIXES) and not _has_text(state.get("narration")):
            message = "the hosted player derives a line from its base, because of how its id begins"
            yield Difference(message, "state", id, "narration")


def endings(raw: Json) -> Iterator[Difference]:
    """Events that leave an ending stay offered."""
    ends = {id for id, state in raw["scene"]["states"].items() if "ending" in state}
    for name, event in _events(raw):
        for source in dict.fromkeys(_sources(event)):
            if source in ends:
                message = f"the hosted player offers it in {quote(source)} beside the ending's card; here play is over"
                yield Difference(message, "event", name, "from")


POINTS: dict[str, Point] = {
    "required-fields": required_fields,
    "locked-with-anchor": locked_events,
    "timer": timers,
    "waypoint": waypoints,
    "zone": zones,
    "grants-at-press": grants_at_press,
    "least-time": least_time,
    "cutscene": cutscenes,
    "event-prompt": event_prompts,
    "derived-narration": derived_narration,
    "offers-after-ending": endings,
}
"""The points in which the hosted player differs, by the code of their items."""
