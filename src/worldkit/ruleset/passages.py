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

Layer = Literal["base", "detail", "camera", "movement", "ambient"]
_EVENT_LAYERS: tuple[Layer, ...] = ("base", "detail", "camera", "movement")

_Text = tuple[int, Layer, str, str]
"""The owner's index in its list, the layer, the field, and the text."""


class Passage(NamedTuple):
    """A text that may have a word of some vocabulary.

    Attributes:
        event: The event it is in; None when it is in a state.
        id: The state's id or the event's name.
        layer: What it describes, in the item itself, a variant or a phase.
        field: Its field in the item.
        text: The text.
    """

    event: Event | None
    id: str
    layer: Layer
    field: str
    text: str


def find_suspicious(states: Mapping[str, State], events: Sequence[Event]) -> list[Passage]:
    """Return the suspects among the texts of states and events, in world order.

    Args:
        states: Their base, movement and ambient lines are read, and their variants'.
        events: Their base, detail, camera and movement are read, and their phases'.
    """
    ids = list(states)
    suspect_texts = _suspects(_texts_of_states(states.values()))
    passages = [Passage(None, ids[owner], layer, field, text) for owner, layer, field, text in suspect_texts]
    for owner, layer, field, text in _suspects_in_events(events):
        passages.append(Passage(events[owner], events[owner].name, layer, field, text))
    return passages


def _suspects(texts: Iterable[_Text]) -> list[_Text]:
    all_texts = list(texts)
    return [all_texts[position] for position in find_suspects([text for _, _, _, text in all_texts])]


def _suspects_in_events(events: Sequence[Event]) -> list[_Text]:
    suspect_texts: list[_Text] = []
    for layer in _EVENT_LAYERS:
        texts = list(map(attrgetter(layer), events))
        if any(texts):
            plain = [text if isinstance(text, str) else "" for text in texts]
            suspect_texts += [(owner, layer, layer, plain[owner]) for owner in find_suspects(plain)]
            suspect_texts += _suspects(
                (owner, layer, f"{layer}.{half}", getattr(pair, half))
                for owner, pair in enumerate(texts)
                if isinstance(pair, Pair)
                for half in ("static", "dynamic")
            )
    suspect_texts += _suspects(_texts_of_phases(events))
    return sorted(suspect_texts, key=lambda text: text[0])


def _texts_of_phases(events: Iterable[Event]) -> Iterator[_Text]:
    for owner, event in enumerate(events):
        if event.phases is not None:
            for number, phase in enumerate(event.phases):
                for layer in _EVENT_LAYERS:
                    if text := getattr(phase, layer):
                        yield owner, layer, f"phases[{number}].{layer}", text


def _texts_of_states(states: Iterable[State]) -> Iterator[_Text]:
    for owner, state in enumerate(states):
        yield owner, "base", "base", state.base
        if state.movement is not None or state.ambient:
            yield from _texts_of_body(owner, state, "")
        for number, variant in enumerate(state.variants or ()):
            yield owner, "base", f"variants[{number}].base", variant.base
            yield from _texts_of_body(owner, variant, f"variants[{number}].")


def _texts_of_body(owner: int, body: State | Variant, head: str) -> Iterator[_Text]:
    if body.movement is not None:
        yield owner, "movement", f"{head}movement.static", body.movement.static
        yield owner, "movement", f"{head}movement.dynamic", body.movement.dynamic
    for number, line in enumerate(body.ambient or ()):
        yield owner, "ambient", f"{head}ambient[{number}]", line
