"""The part of quality called *diversity*: how much several worlds differ in words, names and plots.

Shares of distinct n-grams fall as texts grow, whatever the texts: compare them between sets of as many worlds of the
same size alone.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from worldkit.core.document import Document
from worldkit.core.json_values import Json
from worldkit.core.prose import prose_of
from worldkit.core.quoting import format_count
from worldkit.language.text_units import WORD

NGRAM_ORDERS = (1, 2, 3)
"""Lengths of the n-grams that are counted, in words."""
MAX_LISTED_ITEMS = 8
"""Repeated sentences, names and plots that are shown as evidence."""
REFINEMENT_ROUNDS = 4
"""Rounds of refinement of a plot's signature."""
_SENTENCE = re.compile(r"[^.!?…]+[.!?…]*")


@dataclass(frozen=True, slots=True)
class Repeated:
    """Something that several worlds share.

    Attributes:
        text: The sentence or the name; of a plot, what it is like.
        worlds: The numbers of the worlds that have it, from 0.
    """

    text: str
    worlds: tuple[int, ...]

    def to_dict(self) -> Json:
        """Return it as JSON values."""
        return {"text": self.text, "worlds": list(self.worlds)}


@dataclass(frozen=True, slots=True)
class Diversity:
    """How much several worlds differ.

    Attributes:
        worlds: How many worlds.
        words: How many words of prose they have together.
        distinct: By n: the share of n-grams that are distinct.
        own_sentences: The share of sentences that stand in one world alone; None when there are none.
        own_names: The share of states' ids and events' names that one world alone has; None when there are none.
        plots: How many plots there are: two worlds have one plot when their graphs are alike but for names.
        sentences: The sentences that most worlds share.
        names: The names that most worlds share.
        alike: The plots that more than one world has.
    """

    worlds: int
    words: int
    distinct: dict[int, float]
    own_sentences: float | None
    own_names: float | None
    plots: int
    sentences: tuple[Repeated, ...]
    names: tuple[Repeated, ...]
    alike: tuple[Repeated, ...]

    def to_dict(self) -> Json:
        """Return it as JSON values."""
        return {
            "worlds": self.worlds,
            "words": self.words,
            "distinct": {str(order): share for order, share in self.distinct.items()},
            "ownSentences": self.own_sentences,
            "ownNames": self.own_names,
            "plots": self.plots,
            "sentences": [each.to_dict() for each in self.sentences],
            "names": [each.to_dict() for each in self.names],
            "alike": [each.to_dict() for each in self.alike],
        }


def measure_diversity(worlds: Sequence[Document]) -> Diversity:
    """Return how much worlds differ.

    Args:
        worlds: At least one. Of one alone only the shares of n-grams mean anything.
    """
    sentences: dict[str, dict[int, None]] = {}
    names: dict[str, dict[int, None]] = {}
    plots: dict[str, list[int]] = {}
    totals: Counter[int] = Counter()
    grams: dict[int, set[tuple[str, ...]]] = {order: set() for order in NGRAM_ORDERS}
    for number, world in enumerate(worlds):
        for sentence in _sentences(world):
            words = tuple(word.lower() for word in WORD.findall(sentence))
            for order in NGRAM_ORDERS:
                order_grams = [words[at : at + order] for at in range(len(words) - order + 1)]
                totals[order] += len(order_grams)
                grams[order].update(order_grams)
            if len(words) > 2:
                sentences.setdefault(" ".join(sentence.split()), {})[number] = None
        for name in (*world.states, *(event.name for event in world.events)):
            names.setdefault(name, {})[number] = None
        plots.setdefault(plot_of(world), []).append(number)
    return Diversity(
        worlds=len(worlds),
        words=totals[1],
        distinct={order: len(grams[order]) / totals[order] for order in NGRAM_ORDERS if totals[order]},
        own_sentences=_own_share(sentences),
        own_names=_own_share(names),
        plots=len(plots),
        sentences=_most_repeated(sentences),
        names=_most_repeated(names),
        alike=tuple(
            Repeated(_plot_words(worlds[numbers[0]]), tuple(numbers))
            for numbers in sorted(plots.values(), key=len, reverse=True)[:MAX_LISTED_ITEMS]
            if len(numbers) > 1
        ),
    )


def _sentences(world: Document) -> list[str]:
    texts = (prose.text for prose in prose_of(world.raw) if prose.reader != "author")
    return [sentence.strip() for text in texts for sentence in _SENTENCE.findall(text) if sentence.strip()]


def _own_share(places: dict[str, dict[int, None]]) -> float | None:
    return sum(len(worlds) == 1 for worlds in places.values()) / len(places) if places else None


def _most_repeated(places: dict[str, dict[int, None]]) -> tuple[Repeated, ...]:
    shared_texts = [(text, worlds) for text, worlds in places.items() if len(worlds) > 1]
    shared_texts.sort(key=lambda each: (-len(each[1]), each[0]))
    return tuple(Repeated(text, tuple(worlds)) for text, worlds in shared_texts[:MAX_LISTED_ITEMS])


# ---- plots -----------------------------------------------------------------------------------------------------------


def plot_of(world: Document) -> str:
    """Return the signature of a world's plot: equal for graphs that are alike but for the names in them.

    Refinement of colours (Weisfeiler and Leman): graphs that differ may share a signature, which is rare in graphs as
    small and uneven as plots; graphs that are alike always do.
    """
    entrance = world.entrance.state if world.entrance else None
    nodes: dict[tuple[str, str], str] = {}
    links: list[tuple[tuple[str, str], tuple[str, str], str]] = []
    for id, state in world.states.items():
        nodes["state", id] = f"state {state.ending.kind if state.ending else ''} {id == entrance}"
    for number, event in enumerate(world.events):
        node = ("event", str(number))
        nodes[node] = f"event {event.kind} {bool(event.one_shot)}"
        links += [(node, ("state", source), "from") for source in event.from_ if source in world.states]
        target = world.landing(event.to)
        if target is not None:
            links.append((node, ("state", target), "to"))
        for relation, flags in (("requires", event.requires), ("grants", event.grants)):
            for flag in flags or ():
                nodes["flag", flag] = "flag"
                links.append((node, ("flag", flag), relation))
    for _ in range(REFINEMENT_ROUNDS):
        neighbour_labels: dict[tuple[str, str], list[str]] = {node: [] for node in nodes}
        for one, other, relation in links:
            neighbour_labels[one].append(f">{relation} {nodes[other]}")
            neighbour_labels[other].append(f"<{relation} {nodes[one]}")
        nodes = {node: _digest(colour, *sorted(neighbour_labels[node])) for node, colour in nodes.items()}
    return _digest(*sorted(nodes.values()))


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=12).hexdigest()


def _plot_words(world: Document) -> str:
    locked_event_count = sum(bool(event.requires) for event in world.events)
    endings = sum(state.ending is not None for state in world.states.values())
    states, events = format_count(len(world.states), "state"), format_count(len(world.events), "event")
    return f"{states}, {endings} of them endings; {events}, {locked_event_count} behind flags"
