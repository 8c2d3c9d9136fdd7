"""Which removed item is an added one under a new name: exact copies first, then alike prose in a like place."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TypeVar

from worldkit.core.json_values import Json
from worldkit.core.time_limit import check_time
from worldkit.editing import refs

K = TypeVar("K", bound=Hashable)

ALIKE = 0.7
"""How alike prose and place must be together, of 1."""

_PROSE = 0.6  # what prose counts of that, where both items have a place
_PAIRS = 10_000  # most pairs looked at; beyond it only exact copies count
_TWINS = 32  # exact copies whose places are compared
_CLOSE = 4  # candidates compared word by word, for each removed item
_LONGEST = 2000  # characters of prose compared
_MATCHES = 1_000_000  # places where two texts have the same word, over all texts compared word by word
_TEXTS = ("base", "detail", "narration")


@dataclass(frozen=True, slots=True)
class Trace:
    """What an item is known by besides its name.

    Attributes:
        body: All it holds, but its name.
        links: What it leads to, or what leads to it.
    """

    body: Json
    links: Set[Hashable] = frozenset()


def renamed(removed: Mapping[K, Trace], added: Mapping[K, Trace]) -> dict[K, K]:
    """Return which removed items are added ones under a new name.

    Args:
        removed: Items only the first world has.
        added: Items only the second world has.
    """
    found: dict[K, K] = {}
    if not removed or not added:
        return found
    copies: defaultdict[str, list[K]] = defaultdict(list)
    for name, trace in added.items():
        copies[_written(trace.body)].append(name)
    for name, trace in removed.items():
        check_time()
        twins = copies.get(_written(trace.body))
        if twins:
            best = max(twins[:_TWINS], key=lambda twin: _overlap(trace.links, added[twin].links))
            found[name] = best
            twins.remove(best)
    taken = set(found.values())
    _join_alike(
        {name: trace for name, trace in removed.items() if name not in found},
        {name: trace for name, trace in added.items() if name not in taken},
        found,
    )
    return found


def _written(body: Json) -> str:
    return json.dumps(body, sort_keys=True)


def _join_alike(old: Mapping[K, Trace], new: Mapping[K, Trace], found: dict[K, K]) -> None:
    if not old or not new or len(old) * len(new) > _PAIRS:
        return
    words = {name: _words(trace.body) for name, trace in new.items()}
    bags = {name: set(text) for name, text in words.items()}
    order = {name: at for at, name in enumerate(new)}
    scored: list[tuple[float, int, int, K, K]] = []
    matcher: SequenceMatcher[str] = SequenceMatcher(autojunk=False)
    counts = {name: Counter(text) for name, text in words.items()}
    left = _MATCHES
    for at, (name, trace) in enumerate(old.items()):
        check_time()
        text = _words(trace.body)
        bag = set(text)
        if not text:
            continue
        near = sorted(new, key=lambda other: (-_overlap(bag, bags[other]), order[other]))[:_CLOSE]
        counted = Counter(text)
        matcher.set_seq2(text)
        for other in near:
            if new[other].body.get("kind") != trace.body.get("kind") or not words[other]:
                continue
            matcher.set_seq1(words[other])
            left -= sum(count * counts[other][word] for word, count in counted.items())
            # once very much was compared in order, it is left at how many words two texts share
            score = matcher.ratio() if left > 0 else matcher.quick_ratio()
            if trace.links and new[other].links:
                score = _PROSE * score + (1 - _PROSE) * _overlap(trace.links, new[other].links)
            if score >= ALIKE:
                scored.append((-score, at, order[other], name, other))
    taken: set[K] = set()
    for _, _, _, name, other in sorted(scored, key=lambda row: row[:3]):
        if name not in found and other not in taken:
            found[name] = other
            taken.add(other)


def _words(body: Json) -> list[str]:
    texts = [body[field] for field in _TEXTS if isinstance(body.get(field), str)]
    text = " ".join(texts)[:_LONGEST]
    words = text.split()
    return words if len(words) > 2 else list(text)  # not every script puts spaces between words


def _overlap(a: Set[Hashable], b: Set[Hashable]) -> float:
    both = len(a & b)
    either = len(a) + len(b) - both
    return both / either if either else 0.0


def states(have: Json, want: Json) -> dict[str, str]:
    """Return the new ids of renamed states by their old ids, in the order of the first document."""
    before, after = have["scene"]["states"], want["scene"]["states"]
    old = {id: body for id, body in before.items() if id not in after}
    new = {id: body for id, body in after.items() if id not in before}
    if not old or not new:
        return {}
    found = _unmistakable(old, new)
    left, taken = old.keys() - found, set(found.values())
    if left and len(found) < len(new):
        found |= renamed(_placed(have, left), _placed(want, new.keys() - taken))
    return {id: found[id] for id in old if id in found}


def _unmistakable(old: Mapping[str, Json], new: Mapping[str, Json]) -> dict[str, str]:
    """Return the pairs of exact copies whose bodies nothing else has."""
    texts = [{id: _written(body) for id, body in side.items()} for side in (old, new)]
    counts = [Counter(side.values()) for side in texts]
    home = {text: id for id, text in texts[1].items()}
    return {id: home[text] for id, text in texts[0].items() if counts[0][text] == counts[1][text] == 1}


def _placed(raw: Json, ids: Set[str]) -> dict[str, Trace]:
    """Return the traces of some states; their links are the events that lead from and to them."""
    links: dict[str, set[Hashable]] = {id: set() for id in ids}
    for event in raw["scene"]["events"]:
        for source in refs.sources(event):
            if source in links:
                links[source].add(("from", event["name"]))
        if event.get("to") in links:
            links[event["to"]].add(("to", event["name"]))
    return {id: Trace(body, links[id]) for id, body in raw["scene"]["states"].items() if id in ids}


def events(before: Sequence[Json], after: Sequence[Json], pairs: Mapping[int, int]) -> dict[int, int]:
    """Return which of the events that are in no pair were renamed: indices in ``after`` by those in ``before``."""
    held = set(pairs.values())
    lost = {at: _led(event) for at, event in enumerate(before) if at not in held}
    got = {at: _led(event) for at, event in enumerate(after) if at not in pairs}
    return renamed(lost, got)


def _led(event: Json) -> Trace:
    """Return the trace of an event; its links are the states it leads from and to."""
    ends: set[Hashable] = {("from", source) for source in refs.sources(event)}
    if event.get("to") is not None:
        ends.add(("to", event["to"]))
    return Trace({field: value for field, value in event.items() if field != "name"}, ends)
