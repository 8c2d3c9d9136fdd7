"""The texts of a world that an image model reads, and which of them the prose rules have to check.

Texts are scanned field by field over all items, which is several times faster than item by item; the few
suspects are sorted into world order afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Literal, NamedTuple

from worldkit.core.model import Event, Pair, State, Variant
from worldkit.ruleset.vocabulary import find_suspects

Layer = Literal["name", "base", "detail", "camera", "movement", "ambient"]
_PLAIN_LAYERS: tuple[Layer, ...] = ("base", "detail")
_PAIR_LAYERS: tuple[Layer, ...] = ("camera", "movement")

_Text = tuple[int, Layer, str, str, str]
"""The owner's index in its list, the layer, the field, the field as the hosted profile spells it, and the text."""


class CandidateText(NamedTuple):
    """A text that may have a word of some vocabulary.

    Attributes:
        event: The event it is in; None when it is in a state.
        id: The state's id or the event's name.
        layer: What it describes, in the item itself, a variant or a phase.
        field: Its field in the item.
        label: Its field as the hosted profile spells it.
    """

    event: Event | None
    id: str
    layer: Layer
    field: str
    label: str
    text: str


def halves(text: str | Pair | None) -> Iterator[tuple[str, str]]:
    """Yield the texts of a camera or movement, each with what it adds to the path of its field.

    Args:
        text: An event's is a string or a pair; a phase's a string; a state's a pair.
    """
    if isinstance(text, str):
        yield "", text
    elif text is not None:
        yield ".static", text.static
        yield ".dynamic", text.dynamic


def suspicious_in_states(states: Mapping[str, State]) -> list[CandidateText]:
    """Return the suspects among the base, movement and ambient lines of states and their variants, in world order."""
    ids = list(states)
    return [CandidateText(None, ids[text[0]], *text[1:]) for text in _suspects(_texts_of_states(states.values()))]


def suspicious_in_events(events: Sequence[Event]) -> list[CandidateText]:
    """Return the suspects among the base, detail, camera and movement of events and their phases, in world order."""
    return [CandidateText(events[text[0]], events[text[0]].name, *text[1:]) for text in _suspects_in_events(events)]


def _suspects(texts: Iterable[_Text]) -> list[_Text]:
    all_texts = list(texts)
    return [all_texts[position] for position in find_suspects([text[-1] for text in all_texts])]


def _suspects_in_events(events: Sequence[Event]) -> list[_Text]:
    names = [event.name.replace("_", " ") if event.kind == "override" else "" for event in events]
    suspect_texts: list[_Text] = [(owner, "name", "name", "name", names[owner]) for owner in find_suspects(names)]
    for layer in _PLAIN_LAYERS:
        texts = list(map(attrgetter(layer), events))
        if any(texts):
            texts = [text or "" for text in texts]
            suspect_texts += [(owner, layer, layer, layer, texts[owner]) for owner in find_suspects(texts)]
    suspect_texts += _suspects(_pairs_of_events(events))
    suspect_texts += _suspects(_texts_of_phases(events))
    return sorted(suspect_texts, key=lambda text: text[0])


def _pairs_of_events(events: Sequence[Event]) -> Iterator[_Text]:
    for layer in _PAIR_LAYERS:
        for owner, value in enumerate(map(attrgetter(layer), events)):
            if value is not None:
                for half, text in halves(value):
                    yield owner, layer, f"{layer}{half}", f"{layer}{half}", text


def _texts_of_phases(events: Iterable[Event]) -> Iterator[_Text]:
    for owner, event in enumerate(events):
        if event.phases is not None:
            for number, phase in enumerate(event.phases):
                for layer in (*_PLAIN_LAYERS, *_PAIR_LAYERS):
                    if text := getattr(phase, layer):
                        field = f"phases[{number}].{layer}"
                        yield owner, layer, field, field, text


def _texts_of_states(states: Iterable[State]) -> Iterator[_Text]:
    for owner, state in enumerate(states):
        yield owner, "base", "base", "base", state.base
        if state.movement is not None or state.ambient:
            yield from _texts_of_body(owner, state, "", "")
        for number, variant in enumerate(state.variants or ()):
            head, label = f"variants[{number}].", f"variant[{variant.label}]."
            yield owner, "base", f"{head}base", f"{label}base", variant.base
            yield from _texts_of_body(owner, variant, head, label)


def _texts_of_body(owner: int, body: State | Variant, head: str, label: str) -> Iterator[_Text]:
    for half, text in halves(body.movement):
        yield owner, "movement", f"{head}movement{half}", f"{label}movement{half}", text
    for number, line in enumerate(body.ambient or ()):
        yield owner, "ambient", f"{head}ambient[{number}]", f"{label}ambient[{number}]", line
