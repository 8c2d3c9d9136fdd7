"""The rule about prompts that are too long.

The hosted kernel measures each prompt that is assembled from a world's texts, the Studio all texts of an item together.
Lengths are in UTF-16 units, as JavaScript counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from worldkit.core.diagnostics import ItemKind
from worldkit.core.json_values import quote
from worldkit.core.model import Event, Pair, State, Variant
from worldkit.core.prompt_parts import MAX_PROMPT_LENGTH, prompt_length
from worldkit.ruleset.index import Index
from worldkit.ruleset.passages import halves
from worldkit.ruleset.rules import Found, of_each_event, of_each_state, rule, run_parts

Half = Literal["static", "dynamic"]
_HALVES: tuple[Half, ...] = ("static", "dynamic")


def _long_states(index: Index) -> Iterator[Found]:
    return _whole_states(index) if index.profile.budget_adds_up else _prompts_of_states(index)


def _long_events(index: Index) -> Iterator[Found]:
    return _whole_events(index) if index.profile.budget_adds_up else _prompts_of_events(index)


def _long_phases(index: Index) -> Iterator[Found]:
    for event in index.phased:
        for number, phase in enumerate(event.phases or ()):
            if (size := joined_length(phase.base, phase.camera, phase.movement, phase.detail)) > MAX_PROMPT_LENGTH:
                yield _too_long(
                    size, f"phase {number + 1}", "event", event.name, f"phases[{number}].base", f"phases[{number}]"
                )


_PROMPTS = (of_each_state(_long_states), of_each_event(_long_events), of_each_event(_long_phases))


@rule(
    "budget",
    "error",
    "A prompt that is too long",
    f"A prompt holds at most {MAX_PROMPT_LENGTH} characters, and what is over is cut off. It is a base with the "
    "camera and the movement for standing still or for moving. In the Studio both halves and the ambient lines "
    "count together. Shorten them.",
    parts=_PROMPTS,
)
def budget(index: Index) -> Iterator[Found]:
    """A prompt over 1900 characters; hosted: one that is assembled, Studio: all texts of an item together."""
    return run_parts(_PROMPTS, index)


def joined_length(*texts: str | None) -> int:
    """Return the length of texts joined by single spaces, in UTF-16 units; empty ones do not count."""
    return _join(map(prompt_length, texts))


def _join(lengths: Iterable[int]) -> int:
    return max(_with_spaces(lengths) - 1, 0)


def _with_spaces(lengths: Iterable[int]) -> int:
    return sum(length + 1 for length in lengths if length)


# ---- each assembled prompt: the hosted kernel --------------------------------------------------------


class _Lengths(NamedTuple):
    """The lengths of what a prompt is assembled from: the base, and each half of camera and movement."""

    base: int
    camera: tuple[int, int]
    movement: tuple[int, int]

    def most(self) -> int:
        """Return no less than the length of any of its prompts, with the spaces that join it to others."""
        return self.base + max(self.camera) + max(self.movement) + 3

    def prompts(self, detail: int = 0) -> tuple[int, int]:
        """Return the lengths of the two prompts, for standing still and for moving."""
        static, dynamic = (_join((self.base, self.camera[at], self.movement[at], detail)) for at in (0, 1))
        return static, dynamic


def _pair(text: str | Pair | None) -> tuple[int, int]:
    if text is None:
        return 0, 0
    if isinstance(text, str):
        return prompt_length(text), prompt_length(text)
    return prompt_length(text.static), prompt_length(text.dynamic)


def _lengths(body: State | Variant | Event) -> _Lengths:
    return _Lengths(prompt_length(body.base), _pair(body.camera), _pair(body.movement))


def _over(own: _Lengths, base: _Lengths) -> _Lengths:
    """Return the lengths of a prompt that takes from a state what it lacks."""
    return _Lengths(
        own.base or base.base,
        own.camera if any(own.camera) else base.camera,
        own.movement if any(own.movement) else base.movement,
    )


def _prompts_of_states(index: Index) -> Iterator[Found]:
    for id, state in index.checked_states.items():
        lengths = _lengths(state)
        yield from _long_prompts(lengths.prompts(), "its prompt", "state", id, "base", "")
        for number, variant in enumerate(state.variants or ()):
            prompts = _over(_lengths(variant), lengths).prompts()
            what, label = f"the prompt of variant {quote(variant.label)}", f"variant[{variant.label}]"
            yield from _long_prompts(prompts, what, "state", id, f"variants[{number}].base", label)


def fits_base(index: Index, id: str, base: str) -> bool:
    """Return whether no prompt becomes too long when a state gets another base: its own, its variants', its events'."""
    state = index.states[id]
    lengths = _lengths(state)._replace(base=prompt_length(base))
    events = (event for event in index.mentions.get(id, ()) if id in event.from_)
    bodies = [(_lengths(variant), 0) for variant in state.variants or ()]
    bodies += [(_lengths(event), prompt_length(event.detail)) for event in events]
    prompts = [lengths.prompts(), *(_over(own, lengths).prompts(detail) for own, detail in bodies)]
    return max(map(max, prompts)) <= MAX_PROMPT_LENGTH


def _prompts_of_events(index: Index) -> Iterator[Found]:
    by_state = {id: _lengths(index.states[id]) for id in index.source_states}
    longest_state = max((lengths.most() for lengths in by_state.values()), default=0)
    for event in index.events:
        if not (event.base or event.camera or event.movement or event.detail):
            continue  # it is its states' prompt, which was measured
        own, detail = _lengths(event), prompt_length(event.detail)
        if own.most() + detail + longest_state <= MAX_PROMPT_LENGTH:
            continue  # it fits whatever it takes from a state
        longest, place = (0, 0), ""
        for source in dict.fromkeys(event.from_):
            if source in by_state:
                prompts = _over(own, by_state[source]).prompts(detail)
                if max(prompts) > max(longest):
                    longest, place = prompts, source
        if max(longest) > MAX_PROMPT_LENGTH:
            what = f"its prompt in {quote(place)}"
            yield from _long_prompts(longest, what, "event", event.name, "base" if event.base else "", "")


def _long_prompts(
    prompts: tuple[int, int], what: str, kind: ItemKind, id: str, field: str, label: str
) -> Iterator[Found]:
    for half, size in zip(_HALVES, prompts, strict=True):
        if size > MAX_PROMPT_LENGTH:
            how = "standing still" if half == "static" else "moving"
            yield _too_long(size, f"{what}, {how},", kind, id, field, f"{label} ({half})")


# ---- all texts together: the Studio --------------------------------------------------------------------

_INHERITED_FIELDS = ("camera", "movement", "ambient")


def _whole_states(index: Index) -> Iterator[Found]:
    texts = "base, camera, movement and ambient lines"
    for id, state in index.checked_states.items():
        layers = [_layer_size(state, name) for name in _INHERITED_FIELDS]
        if (size := _with_spaces([prompt_length(state.base)]) + sum(layers) - 1) > MAX_PROMPT_LENGTH:
            yield _too_long(size, f"its {texts} together", "state", id, "base")
        for number, variant in enumerate(state.variants or ()):
            size = _with_spaces([prompt_length(variant.base)]) - 1
            for name, base_size in zip(_INHERITED_FIELDS, layers, strict=True):
                size += base_size if getattr(variant, name) is None else _layer_size(variant, name)
            if size > MAX_PROMPT_LENGTH:
                what = f"the {texts} of variant {quote(variant.label)}"
                yield _too_long(size, what, "state", id, f"variants[{number}].base")


def _layer_size(body: State | Variant, name: str) -> int:
    """Return the length of a layer's texts, each with the space behind it."""
    value = getattr(body, name)
    texts = value or () if name == "ambient" else (text for _, text in halves(value))
    return _with_spaces(prompt_length(text) for text in texts)


def _whole_events(index: Index) -> Iterator[Found]:
    for event in index.events:
        if event.base:
            texts = [text for value in (event.camera, event.movement) for _, text in halves(value)]
            if (size := joined_length(event.base, *texts)) > MAX_PROMPT_LENGTH:
                yield _too_long(size, "its base, camera and movement together", "event", event.name, "base")


def _too_long(size: int, what: str, kind: ItemKind, id: str, field: str, label: str = "") -> Found:
    verb = "come to" if what.endswith("together") or what.startswith("the base") else "comes to"
    message = f"{what} {verb} {size} characters, and a prompt holds {MAX_PROMPT_LENGTH}; cut {size - MAX_PROMPT_LENGTH}"
    return Found(message, kind, id, field, label)
