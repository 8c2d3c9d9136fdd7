"""Rules about prose that an image model reads: words that it must not have, and what must stand in it.

**Choice.** Camera lines and narration are exempt from ``negation``, as docs/spec/rules.md says, in phases and variants
too; ``whiteout`` reads the cameras of transitions and phases.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from worldkit.core.diagnostics import Item, ItemKind
from worldkit.core.json_values import Json
from worldkit.core.quoting import quote
from worldkit.core.unsent_prose import LAYERS, missing_layers, with_layers
from worldkit.ruleset.budget import fits_base
from worldkit.ruleset.index import Index
from worldkit.ruleset.passages import CandidateText
from worldkit.ruleset.rules import Found, join_names, of_each_event, of_each_state, rule, run_parts
from worldkit.ruleset.vocabulary import LETHAL, NEGATION, WHITEOUT, Vocabulary


@rule(
    "lethal-override",
    "error",
    "An override that kills",
    "An override changes the picture and then snaps back, so that whoever dies in it comes back to life. Make it a "
    "transition to a state in which they are dead, or soften the prose.",
    parts=of_each_event,
)
def lethal_override(index: Index) -> Iterator[Found]:
    """An override's name, base, detail or phases kill someone."""
    why = "an override snaps back, so they would come back to life; make it a transition, or soften it"
    for passage in index.suspicious_in_events:
        is_told = passage.layer in ("name", "base", "detail") or passage.field.startswith("phases[")
        if passage.event is not None and passage.event.kind == "override" and is_told and passage.layer != "camera":
            yield from _find_words(passage, LETHAL, why)


def _negations(passages: Iterable[CandidateText]) -> Iterator[Found]:
    why = "a picture model draws what it reads; say what is there instead"
    for passage in passages:
        if passage.layer not in ("camera", "name"):
            yield from _find_words(passage, NEGATION, why)


def _negations_in_states(index: Index) -> Iterator[Found]:
    return _negations(index.suspicious_in_states)


def _negations_in_events(index: Index) -> Iterator[Found]:
    return _negations(index.suspicious_in_events)


_NEGATIONS = (of_each_state(_negations_in_states), of_each_event(_negations_in_events))


@rule(
    "negation",
    "error",
    "Prose that says what is absent",
    "A picture model draws what it reads: told of a street without people it draws people. Describe what is there. "
    "Camera lines and narration may say no.",
    parts=_NEGATIONS,
)
def negation(index: Index) -> Iterator[Found]:
    """A negation in a state's, a variant's, an event's or a phase's prose; camera and narration are exempt."""
    return run_parts(_NEGATIONS, index)


@rule(
    "whiteout",
    "error",
    "A move that burns the picture out",
    "A picture model that is told of a blinding light goes white and does not come back. Let the light be strong "
    "and keep its shapes: a lamp, a beam, a bright doorway.",
    parts=of_each_event,
)
def whiteout(index: Index) -> Iterator[Found]:
    """Blown-white vocabulary in a transition, or in a phase of any event."""
    why = "the picture would go white and stay so; name a light that keeps its shapes"
    for passage in index.suspicious_in_events:
        event = passage.event
        if event is not None and (event.kind == "transition" or passage.field.startswith("phases[")):
            yield from _find_words(passage, WHITEOUT, why)


def _write_layers_in(index: Index, items: Sequence[Item]) -> list[Json]:
    layers = _layers(index)
    ids = dict.fromkeys(item.id for item in items)
    bases = {id: with_layers(index.states[id].base, layers) for id in ids}
    return [
        {"op": "update_state", "id": id, "patch": {"base": base}}
        for id, base in bases.items()
        if base != index.states[id].base and _can_hold_layers(index, id, base)
    ]


def _layers(index: Index) -> dict[str, str]:
    texts = {"subject": index.world.subject, "styleTail": index.world.style_tail}
    return {layer: text.strip() for layer, text in texts.items() if text and text.strip()}


def _can_hold_layers(index: Index, id: str, base: str) -> bool:
    """Return whether a base with the texts that it lacked trips no other rule, and this one no more."""
    layers = _layers(index)
    is_free_of_negation = not any(NEGATION.words(text) for text in layers.values())
    return is_free_of_negation and not missing_layers(base, layers) and fits_base(index, id, base)


@rule(
    "no-subject-in-base",
    "warning",
    "A text without who is seen, or without the style",
    "The world says once who is seen (its subject) and in what style every picture is (its style tail). The hosted "
    "player sends a picture model neither of them, only the text of the state: its base, camera and movement. So every "
    "base is to begin with the subject and to end with the style tail. "
    'The fix writes in what is missing, and world.to_dict(profile="hosted") does so in what it returns.',
    fix=_write_layers_in,
    parts=of_each_state,
)
def no_subject_in_base(index: Index) -> Iterator[Found]:
    """``subject`` or ``styleTail`` is set and does not stand inside a base."""
    layers = _layers(index)
    for id, state in index.checked_states.items() if layers else ():
        if missing := missing_layers(state.base, layers):
            message = _absent_layers(*(layers[layer] if layer in missing else "" for layer in LAYERS))
            is_fixable = _can_hold_layers(index, id, with_layers(state.base, layers))
            remedy = f"write {'both' if len(missing) > 1 else 'it'} into the text" if is_fixable else ""
            yield Found(message, "state", id, "base", remedy=remedy)


def _absent_layers(subject: str, style: str) -> str:
    """Return what is to be said of a base without the subject, the style tail or both of its world."""
    who, how = f"who is seen ({quote(subject)})", f"the style of every picture ({quote(style)})"
    if subject and style:
        what, repair = f"{who} and {how} are", "begin it with the first and end it with the second"
    elif subject:
        what, repair = f"{who} is", "begin it with those words"
    else:
        what, repair = f"{how} is", "end it with those words"
    return f"{what} not in this text, and the hosted player sends only this text; {repair}"


def _find_words(passage: CandidateText, vocabulary: Vocabulary, why: str) -> Iterator[Found]:
    words = vocabulary.words(passage.text)
    if words:
        kind: ItemKind = "state" if passage.event is None else "event"
        yield Found(f"found {join_names(words)}: {why}", kind, passage.id, passage.field, passage.label)
