"""Detects renamed items: exact copies first, then similar prose with similar links."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TypeVar

from worldkit.comparison.pairing import canonical_text
from worldkit.core.json_values import Json
from worldkit.core.time_limit import check_time
from worldkit.editing import refs

K = TypeVar("K", bound=Hashable)

MIN_SIMILARITY = 0.7
"""The least similarity of prose and links together, of 1."""

_PROSE_WEIGHT = 0.6  # weight of prose in that, where both items have links
_MAX_PAIRS = 10_000  # beyond so many pairs only exact copies count
_MAX_COPIES = 32  # exact copies whose links are compared
_MAX_CANDIDATES = 4  # candidates compared word by word, for each removed item
_MAX_PROSE_LENGTH = 2000  # characters of prose compared
_MAX_WORD_MATCHES = 1_000_000  # equal pairs of words, over all texts compared word by word
_PROSE_FIELDS = ("base", "detail", "narration")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What identifies an item besides its name.

    Attributes:
        body: All its fields except the name.
        links: What it leads to, or what leads to it.
    """

    body: Json
    links: Set[Hashable] = frozenset()


def match_renamed(removed_items: Mapping[K, Fingerprint], added_items: Mapping[K, Fingerprint]) -> dict[K, K]:
    """Return which removed items are added ones under a new name.

    Args:
        removed_items: Items only the first world has.
        added_items: Items only the second world has.
    """
    matches: dict[K, K] = {}
    if not removed_items or not added_items:
        return matches
    copies: defaultdict[str, list[K]] = defaultdict(list)
    for name, item in added_items.items():
        copies[canonical_text(item.body)].append(name)
    for name, item in removed_items.items():
        check_time()
        candidates = copies.get(canonical_text(item.body))
        if candidates:
            best = max(
                candidates[:_MAX_COPIES], key=lambda candidate: _overlap(item.links, added_items[candidate].links)
            )
            matches[name] = best
            candidates.remove(best)
    matched_names = set(matches.values())
    _match_similar(
        {name: item for name, item in removed_items.items() if name not in matches},
        {name: item for name, item in added_items.items() if name not in matched_names},
        matches,
    )
    return matches


def _match_similar(old: Mapping[K, Fingerprint], new: Mapping[K, Fingerprint], matches: dict[K, K]) -> None:
    if not old or not new or len(old) * len(new) > _MAX_PAIRS:
        return
    words = {name: _words(fingerprint.body) for name, fingerprint in new.items()}
    word_sets = {name: set(text) for name, text in words.items()}
    order = {name: index for index, name in enumerate(new)}
    scored_pairs: list[tuple[float, int, int, K, K]] = []
    matcher: SequenceMatcher[str] = SequenceMatcher(autojunk=False)
    counts = {name: Counter(text) for name, text in words.items()}
    budget = _MAX_WORD_MATCHES
    for index, (name, fingerprint) in enumerate(old.items()):
        check_time()
        text = _words(fingerprint.body)
        word_set = set(text)
        if not text:
            continue
        candidates = sorted(new, key=lambda candidate: (-_overlap(word_set, word_sets[candidate]), order[candidate]))[
            :_MAX_CANDIDATES
        ]
        word_counts = Counter(text)
        matcher.set_seq2(text)
        for candidate in candidates:
            if new[candidate].body.get("kind") != fingerprint.body.get("kind") or not words[candidate]:
                continue
            matcher.set_seq1(words[candidate])
            budget -= sum(count * counts[candidate][word] for word, count in word_counts.items())
            # when the budget is spent, word order is ignored
            score = matcher.ratio() if budget > 0 else matcher.quick_ratio()
            if fingerprint.links and new[candidate].links:
                score = _PROSE_WEIGHT * score + (1 - _PROSE_WEIGHT) * _overlap(fingerprint.links, new[candidate].links)
            if score >= MIN_SIMILARITY:
                scored_pairs.append((-score, index, order[candidate], name, candidate))
    matched_names: set[K] = set()
    for _, _, _, name, candidate in sorted(scored_pairs, key=lambda row: row[:3]):
        if name not in matches and candidate not in matched_names:
            matches[name] = candidate
            matched_names.add(candidate)


def _words(body: Json) -> list[str]:
    texts = [body[field] for field in _PROSE_FIELDS if isinstance(body.get(field), str)]
    text = " ".join(texts)[:_MAX_PROSE_LENGTH]
    words = text.split()
    return words if len(words) > 2 else list(text)  # not every script puts spaces between words


def _overlap(a: Set[Hashable], b: Set[Hashable]) -> float:
    common_count = len(a & b)
    total_count = len(a) + len(b) - common_count
    return common_count / total_count if total_count else 0.0


def renamed_states(have: Json, want: Json, known_renames: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the new ids of renamed states by their old ids, in the order of the first document.

    Args:
        known_renames: What is known already, whatever the states hold.
    """
    before, after = have["scene"]["states"], want["scene"]["states"]
    old = {id: body for id, body in before.items() if id not in after}
    new = {id: body for id, body in after.items() if id not in before}
    if not old or not new:
        return {}
    known_names = {id: name for id, name in (known_renames or {}).items() if id in old and name in new}
    matches = known_names | _match_unique_copies(
        {id: body for id, body in old.items() if id not in known_names},
        {id: body for id, body in new.items() if id not in known_names.values()},
    )
    unmatched_ids, matched_ids = old.keys() - matches, set(matches.values())
    if unmatched_ids and len(matches) < len(new):
        matches |= match_renamed(
            _state_fingerprints(have, unmatched_ids), _state_fingerprints(want, new.keys() - matched_ids)
        )
    return {id: matches[id] for id in old if id in matches}


def _match_unique_copies(old: Mapping[str, Json], new: Mapping[str, Json]) -> dict[str, str]:
    """Return the pairs of exact copies whose bodies are unique on both sides."""
    texts = [{id: canonical_text(body) for id, body in side.items()} for side in (old, new)]
    counts = [Counter(side.values()) for side in texts]
    id_of = {text: id for id, text in texts[1].items()}
    return {id: id_of[text] for id, text in texts[0].items() if counts[0][text] == counts[1][text] == 1}


def _state_fingerprints(raw: Json, ids: Set[str]) -> dict[str, Fingerprint]:
    """Return the fingerprints of some states; their links are the events that lead from and to them."""
    links: dict[str, set[Hashable]] = {id: set() for id in ids}
    for event in raw["scene"]["events"]:
        for source in refs.sources(event):
            if source in links:
                links[source].add(("from", event["name"]))
        if event.get("to") in links:
            links[event["to"]].add(("to", event["name"]))
    return {id: Fingerprint(body, links[id]) for id, body in raw["scene"]["states"].items() if id in ids}


def renamed_events(before: Sequence[Json], after: Sequence[Json], pairs: Mapping[int, int]) -> dict[int, int]:
    """Return which unpaired events were renamed: indices in ``after`` by those in ``before``."""
    paired_indices = set(pairs.values())
    old_fingerprints = {
        index: _event_fingerprint(event) for index, event in enumerate(before) if index not in paired_indices
    }
    new_fingerprints = {index: _event_fingerprint(event) for index, event in enumerate(after) if index not in pairs}
    return match_renamed(old_fingerprints, new_fingerprints)


def _event_fingerprint(event: Json) -> Fingerprint:
    """Return the fingerprint of an event; its links are the states it leads from and to."""
    links: set[Hashable] = {("from", source) for source in refs.sources(event)}
    if event.get("to") is not None:
        links.add(("to", event["to"]))
    return Fingerprint({field: value for field, value in event.items() if field != "name"}, links)
