"""Rules about prose that an image model reads: forbidden words, and the length of prompts.

**Choice.** docs/spec/rules.md names the fields each rule reads and adds phases, variants and an event's
camera and movement as our own. Camera lines and narration stay exempt from ``negation``, as the
specification says, in phases and variants too; cameras are read by ``whiteout`` and counted by ``budget``.
``lethal-override`` reads an override's phases as well: they snap back like its base.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from worldkit.core.diagnostics import ItemKind
from worldkit.core.json_values import quote
from worldkit.core.model import State, Variant, half_of
from worldkit.ruleset.index import Index
from worldkit.ruleset.passages import Passage
from worldkit.ruleset.rules import Found, join_names, rule
from worldkit.ruleset.vocabulary import LETHAL, NEGATION, WHITEOUT, Vocabulary

BUDGET = 1900
"""The longest prompt in characters, the limit of the hosted kernel (docs/spec/runtime.md#prompts)."""

_INHERITED = ("camera", "movement", "ambient")


@rule(
    "lethal-override",
    "error",
    "An override that kills",
    "An override changes the picture and then snaps back, so that whoever dies in it comes back to life. Make it a "
    "transition to a state in which they are dead, or soften the prose.",
)
def lethal_override(index: Index) -> Iterator[Found]:
    """An override's base, detail or phases kill someone."""
    why = "an override snaps back, so they would come back to life; make it a transition, or soften it"
    for passage in index.suspicious:
        if passage.event is not None and passage.event.kind == "override" and passage.layer in ("base", "detail"):
            yield from _find_words(passage, LETHAL, why)


@rule(
    "negation",
    "error",
    "Prose that says what is absent",
    "A picture model draws what it reads: told of a street without people it draws people. Describe what is there. "
    "Camera lines and narration may say no.",
)
def negation(index: Index) -> Iterator[Found]:
    """A negation in a state's, a variant's, an event's or a phase's prose; camera and narration are exempt."""
    why = "a picture model draws what it reads; say what is there instead"
    for passage in index.suspicious:
        if passage.layer != "camera":
            yield from _find_words(passage, NEGATION, why)


@rule(
    "whiteout",
    "error",
    "A move that burns the picture out",
    "A picture model that is told of a blinding light goes white and does not come back. Let the light be strong "
    "and keep its shapes: a lamp, a beam, a bright doorway.",
)
def whiteout(index: Index) -> Iterator[Found]:
    """Blown-white vocabulary in a transition or one of its phases."""
    why = "the picture would go white and stay so; name a light that keeps its shapes"
    for passage in index.suspicious:
        if passage.event is not None and passage.event.kind == "transition":
            yield from _find_words(passage, WHITEOUT, why)


@rule(
    "budget",
    "error",
    "A prompt that is too long",
    f"A prompt holds at most {BUDGET} characters, and what is over is cut off. A state's base, camera, movement and "
    "ambient lines count together, both halves of each; so do an event's own, and a phase's. Shorten them.",
)
def budget(index: Index) -> Iterator[Found]:
    """More than 1900 characters of prompt in a state, a variant of it, an event or a phase."""
    for id, state in index.states.items():
        if (size := _prompt_length(state)) > BUDGET:
            yield _too_long(size, "its base, camera, movement and ambient lines", "state", id, "base")
        for number, (variant, size) in enumerate(
            zip(state.variants or (), _variant_prompt_lengths(state), strict=False)
        ):
            if size > BUDGET:
                message = f"the base, camera, movement and ambient lines of variant {quote(variant.label)}"
                yield _too_long(size, message, "state", id, f"variants[{number}].base")
    with_prompt = [e for e in index.events if e.base and (e.camera or e.movement or len(e.base) > BUDGET)]
    for event in with_prompt:
        texts = [[half_of(text, moving) for text in (event.camera, event.movement)] for moving in (False, True)]
        if (size := max(_joined_length(event.base, *halves) for halves in texts)) > BUDGET:
            yield _too_long(size, "its base, camera and movement", "event", event.name, "base")
    for event in index.phased:
        for number, phase in enumerate(event.phases or ()):
            if (size := _joined_length(phase.base, phase.camera, phase.movement, phase.detail)) > BUDGET:
                yield _too_long(size, f"phase {number + 1}", "event", event.name, f"phases[{number}].base")


def _find_words(passage: Passage, vocabulary: Vocabulary, why: str) -> Iterator[Found]:
    words = vocabulary.words(passage.text)
    if words:
        kind: ItemKind = "state" if passage.event is None else "event"
        yield Found(f"found {join_names(words)}: {why}", kind, passage.id, passage.field)


def _prompt_length(state: State) -> int:
    """Return the length of a state's prompts in characters."""
    pairs = [pair for pair in (state.camera, state.movement) if pair is not None]
    halves = [half for pair in pairs for half in (pair.static, pair.dynamic)]
    return _joined_length(state.base, *halves, *(state.ambient or ()))


def _variant_prompt_lengths(state: State) -> Iterator[int]:
    """Yield the length of each variant's prompts; a variant inherits the fields that it lacks from its state."""
    outer = [_length_with_spaces(_parts(state, name)) for name in _INHERITED]
    for variant in state.variants or ():
        size = _length_with_spaces([variant.base])
        for name, inherited in zip(_INHERITED, outer, strict=True):
            size += inherited if getattr(variant, name) is None else _length_with_spaces(_parts(variant, name))
        yield max(size - 1, 0)


def _parts(body: State | Variant, name: str) -> Iterable[str | None]:
    value = getattr(body, name)
    if value is None:
        return ()
    return value if name == "ambient" else (value.static, value.dynamic)


def _length_with_spaces(parts: Iterable[str | None]) -> int:
    return sum(len(part) + 1 for part in parts if part)


def _joined_length(*parts: str | None) -> int:
    return len(" ".join(filter(None, parts)))


def _too_long(size: int, what: str, kind: ItemKind, id: str, field: str) -> Found:
    message = f"{what} come to {size} characters, and a prompt holds {BUDGET}; cut {size - BUDGET}"
    return Found(message, kind, id, field)
