"""Story bugs: a sample with one mistake in it, of the kinds that are made when a story is edited."""

from __future__ import annotations

import random
from typing import Any, NamedTuple

import worldkit as wk
from worldkit import World

Json = dict[str, Any]
KINDS = ("removed key", "open door", "wrong lock", "wrong grant", "swapped door", "one-shot too many", "removed door")


class Bug(NamedTuple):
    """A sample with a mistake.

    Attributes:
        sample: The sample's name.
        kind: What kind of mistake it is.
        event: The event it is made in.
        detail: What was changed.
        world: The world with the mistake.
    """

    sample: str
    kind: str
    event: str
    detail: str
    world: World


def bugs(sample: str, seed: int = 0) -> list[Bug]:
    """Return every mistake of the kinds above in a sample that changes how it plays; choices go by a seed.

    Left out is what changes no run: a lock whose key everybody holds by then, and "once" for what ends the run.
    """
    rng = random.Random(f"{sample}-{seed}")
    world = wk.samples.load(sample)
    document = world.to_dict()
    states: Json = document["scene"]["states"]
    events: list[Json] = document["scene"]["events"]
    required = {flag for event in events for flag in event.get("requires", [])}
    granted = {flag for event in events for flag in event.get("grants", [])}
    bugs: list[Bug] = []

    def needs(event: Json, flag: str) -> bool:
        """Say whether a lock matters: some run stands before the door without the key."""
        doors = [f'(always state "{state}" and holding "{flag}" or not state "{state}")' for state in event["from"]]
        return bool(wk.check(world, " and ".join(doors)).broken)

    def add(kind: str, index: int, detail: str, **fields: Any) -> None:
        changed = [dict(event) for event in events]
        if kind == "removed door":
            del changed[index]
        else:
            changed[index] |= fields
        mutant = World.from_dict({**document, "scene": {**document["scene"], "events": changed}})
        bugs.append(Bug(sample, kind, events[index]["name"], detail, mutant))

    for index, event in enumerate(events):
        requires, grants = event.get("requires", []), event.get("grants", [])
        for flag in grants:
            if flag in required:
                add("removed key", index, f"does not grant {flag}", grants=[f for f in grants if f != flag])
                others = sorted(granted - {flag})
                if others:
                    other = rng.choice(others)
                    add(
                        "wrong grant",
                        index,
                        f"grants {other}, not {flag}",
                        grants=[other if f == flag else f for f in grants],
                    )
        for flag in requires:
            if needs(event, flag):
                add("open door", index, f"does not require {flag}", requires=[f for f in requires if f != flag])
            others = sorted(granted - set(requires))
            if others:
                other = rng.choice(others)
                add(
                    "wrong lock",
                    index,
                    f"requires {other}, not {flag}",
                    requires=[other if f == flag else f for f in requires],
                )
        if event["kind"] == "transition":
            target = rng.choice([id for id in states if id != event["to"] and id not in event["from"]])
            add("swapped door", index, f"leads to {target}, not {event['to']}", to=target)
            add("removed door", index, "is gone")
            if not event.get("oneShot") and not states[event["to"]].get("ending"):
                add("one-shot too many", index, "happens once", oneShot=True)
    return bugs
