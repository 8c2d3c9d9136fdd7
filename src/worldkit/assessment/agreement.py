"""The part of quality called *agreement*: whether the texts of a world agree with its graph.

Three checks, each a list of claims with the sentence that shows them; docs/quality.md says what each cannot see. Texts
are read word by word with the lexicon: a claim about a thing is found by the words of its flag and of the events that
grant it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from worldkit.assessment.claims import Agreement, Outcome, TextClaim
from worldkit.assessment.play_graph import PlayGraph
from worldkit.core.prose import prose_of
from worldkit.core.quoting import format_count
from worldkit.language.lexicon import lexicon
from worldkit.language.text_units import SENTENCE, WORD, words_in
from worldkit.language.word_sets import word_set
from worldkit.playing.transition_table import Action

if TYPE_CHECKING:
    from worldkit.world import World

MAX_MENTIONS_PER_WORD = 200
"""Sentences that are read for one flag: a world may say one word everywhere."""
MAX_PLACES = 20
"""Places where a flag is granted that a hint is compared with."""
MAX_DENIAL_DISTANCE_WORDS = 4
"""How many words may stand between a thing and what denies it."""
_FIELDS_ON_ARRIVAL = ("base", "narration", "arriveLabel", "variants", "ending")
_FIELDS_IN_STATE = ("base", "narration", "ambient", "ending")
_FIELDS_AFTER_EVENT = ("narration", "base")


class _Sentence(NamedTuple):
    key: str
    kind: str
    owner: str
    number: int
    field: str
    text: str
    words: tuple[str, ...]
    lemmas: frozenset[str]


class _Fact(NamedTuple):
    """A flag that events grant: what it is about, where it is granted, by what."""

    flag: str
    words: frozenset[str]
    granters: tuple[Action, ...]
    places: tuple[str, ...]


def check_agreement(world: World, graph: PlayGraph) -> Agreement:
    """Return whether the texts of a world agree with its graph.

    Args:
        graph: Its positions.
    """
    sentences = list(_sentences(world))
    facts = list(_facts(graph))
    return Agreement(
        (*_arrivals(world, graph, sentences), *_denials(graph, sentences, facts), *_hints(world, graph, facts))
    )


def _sentences(world: World) -> Iterator[_Sentence]:
    for prose in prose_of(world.raw):
        if prose.kind == "world":
            continue
        for text in SENTENCE.findall(prose.text):
            words = words_in(text)
            if words:
                lemmas = frozenset(lemma for word in words for lemma in _lemmas(word))
                field = str(prose.path[0])
                yield _Sentence(prose.key, prose.kind, prose.owner, prose.number, field, text.strip(), words, lemmas)


@lru_cache(maxsize=65536)
def _lemmas(word: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys([word, *lexicon().lemmas(word, "n"), *lexicon().lemmas(word, "v")]))


@lru_cache(maxsize=65536)
def words_of(name: str) -> frozenset[str]:
    """Return the words of an id or a name that say what it is about, as base forms."""
    separate_words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    words = (word.lower() for word in WORD.findall(re.sub(r"[_\W]+", " ", separate_words)))
    return frozenset(_lemmas(word)[-1] for word in words if len(word) > 2 and word not in word_set("unnamed"))


# ---- a place is named where one arrives ------------------------------------------------------------------------------


def _arrivals(world: World, graph: PlayGraph, sentences: list[_Sentence]) -> Iterator[TextClaim]:
    by_state: dict[str, list[_Sentence]] = {}
    for sentence in sentences:
        if sentence.kind == "state" and sentence.field in _FIELDS_ON_ARRIVAL:
            by_state.setdefault(sentence.owner, []).append(sentence)
    for id in world.states:
        if id not in graph.masks_in:
            continue
        words = words_of(id)
        key = f"state[{id}]"
        if not any(lexicon().counts(word) for word in words):
            yield TextClaim("arrival", "open", key, "", "its id has no word that could name a place")
            continue
        naming_sentence = next((each for each in by_state.get(id, ()) if words & each.lemmas), None)
        if naming_sentence is None:
            yield TextClaim(
                "arrival", "fails", key, "", f"nothing that is read on arrival says {' or '.join(sorted(words))}"
            )
        else:
            yield TextClaim("arrival", "holds", naming_sentence.key, naming_sentence.text, "the place is named")


# ---- nothing denies what was granted ---------------------------------------------------------------------------------


def _facts(graph: PlayGraph) -> Iterator[_Fact]:
    granters: dict[str, list[Action]] = {}
    for action in graph.system.table.actions:
        if not action.opens_console:
            for flag in action.grants:
                granters.setdefault(flag, []).append(action)
    for flag, actions in granters.items():
        words = words_of(flag)
        for action in actions[:MAX_PLACES]:
            words |= words_of(action.name)
        object_words = frozenset(word for word in words if _is_thing(word))
        places = dict.fromkeys(place for action in actions for place in action.sources)
        yield _Fact(flag, object_words, tuple(actions), tuple(places))


@lru_cache(maxsize=65536)
def _is_thing(word: str) -> bool:
    counts = lexicon().counts(word)
    return not counts or counts.get("n", 0) * 2 >= counts.get("v", 0)


def _denials(graph: PlayGraph, sentences: list[_Sentence], facts: list[_Fact]) -> Iterator[TextClaim]:
    masks, bits, actions = graph.masks_in, graph.system.bits, graph.system.table.actions
    by_word: dict[str, list[_Sentence]] = {}
    for sentence in sentences:
        for lemma in sentence.lemmas:
            by_word.setdefault(lemma, []).append(sentence)
    for fact in facts:
        mentions = dict.fromkeys(
            sentence
            for word in sorted(fact.words)[:MAX_PLACES]
            for sentence in by_word.get(word, ())[:MAX_MENTIONS_PER_WORD]
        )
        claims = []
        for sentence in mentions:
            is_always_held, is_ever_held = _flag_state_when_read(sentence, fact.flag, bits[fact.flag], masks, actions)
            denial = _denial_in(sentence, fact) if is_ever_held else None
            if denial is not None:
                outcome: Outcome = "fails" if is_always_held else "open"
                occasion = "whenever it is read" if is_always_held else "at times when it is read"
                reason = f"says “{denial}” though {fact.flag} is held {occasion}"
                claims.append(TextClaim("denial", outcome, sentence.key, sentence.text, reason))
        name = "names" if len(mentions) == 1 else "name"
        reason = f"{format_count(len(mentions), 'sentence')} {name} it, and none denies it"
        yield from claims or [TextClaim("denial", "holds", f"flag[{fact.flag}]", "", reason)]


def _flag_state_when_read(
    sentence: _Sentence, flag: str, bit: int, masks: dict[str, tuple[int, int]], actions: Sequence[Action]
) -> tuple[bool, bool]:
    """Return whether a flag is held whenever a sentence is read, and whether it ever is."""
    if sentence.kind == "state":
        is_read = sentence.field in _FIELDS_IN_STATE
        always_mask, ever_mask = masks.get(sentence.owner, (0, 0)) if is_read else (0, 0)
        return bool(always_mask & bit), bool(ever_mask & bit)
    if sentence.field not in _FIELDS_AFTER_EVENT:
        return False, False
    action = actions[sentence.number]
    is_held = flag in action.requires or (flag in action.grants and not action.opens_console)
    return is_held, is_held


def _denial_in(sentence: _Sentence, fact: _Fact) -> str | None:
    """Return the word by which a sentence denies what a flag stands for; None when it does not."""
    verbs = {lemma for action in fact.granters for word in _first_words(action.name) for lemma in _lemmas(word)}
    thing_positions = [
        position for position, word in enumerate(sentence.words) if fact.words.intersection(_lemmas(word))
    ]
    for group in _denial_groups():
        if (group.verbs and not verbs & group.verbs) or group.exempting_words.intersection(sentence.words):
            continue
        for position, word in enumerate(sentence.words):
            is_near = any(
                abs(position - thing_position) <= MAX_DENIAL_DISTANCE_WORDS for thing_position in thing_positions
            )
            is_name = word in group.naming_words and _describes(position, thing_positions, sentence.words)
            if word in group.denial_words and is_near and not is_name:
                return word
    return None


def _describes(position: int, thing_positions: list[int], words: tuple[str, ...]) -> bool:
    """Say whether a word stands right before a thing, or before an adjective and the thing: the lost silver keys."""
    if position + 1 in thing_positions:
        return True
    return position + 2 in thing_positions and bool(lexicon().counts(words[position + 1]).get("a"))


def _first_words(name: str) -> list[str]:
    return [word.lower() for word in WORD.findall(name.replace("_", " "))[:1]]


class _DenialGroup(NamedTuple):
    """What events do with things and how a text would deny it: a group of denials.toml."""

    verbs: frozenset[str]
    denial_words: frozenset[str]
    exempting_words: frozenset[str]
    naming_words: frozenset[str]


@cache
def _denial_groups() -> tuple[_DenialGroup, ...]:
    text = files("worldkit").joinpath("data", "language", "denials.toml").read_text(encoding="utf-8")
    lists = ("done", "denied", "said", "names")
    return tuple(
        _DenialGroup(*(frozenset(group[name].split()) for name in lists)) for group in tomllib.loads(text).values()
    )


# ---- hints say where what is needed is -------------------------------------------------------------------------------


def _hints(world: World, graph: PlayGraph, facts: list[_Fact]) -> Iterator[TextClaim]:
    by_flag = {fact.flag: fact for fact in facts}
    ids: dict[str, str] = {}
    for id in world.states:
        for word in words_of(id):
            ids.setdefault(word, id)
    for action, event in zip(graph.system.table.actions, world.events, strict=True):
        masks = [graph.masks_in[id][0] for id in action.sources if id in graph.masks_in] if graph.is_complete else []
        needs = [by_flag[flag] for flag in sorted(action.requires) if flag in by_flag]
        # what is held wherever it is offered is locked for nobody
        needs = [fact for fact in needs if not (masks and all(graph.system.bits[fact.flag] & mask for mask in masks))]
        if not needs or event.hidden:
            continue
        key = f"event[{event.name}].lockedHint"
        hint = event.locked_hint or ""
        lemmas = {lemma for word in WORD.findall(hint.lower()) for lemma in _lemmas(word)}
        for fact in needs:
            yield _hint_claim(fact, key, hint, lemmas, ids, action.sources)


def _hint_claim(
    fact: _Fact, key: str, hint: str, lemmas: set[str], ids: dict[str, str], sources: Iterable[str]
) -> TextClaim:
    nearby_places = fact.places[:MAX_PLACES]
    places_in_hint = [place for place in nearby_places if words_of(place) & lemmas]
    is_here = set(sources) <= set(nearby_places)
    names_thing = bool(fact.words & lemmas)
    if not hint:
        return TextClaim("hint", "fails", key, "", f"{fact.flag} is needed and there is no hint")
    if places_in_hint:
        return TextClaim("hint", "holds", key, hint, f"it names {places_in_hint[0]}, where {fact.flag} is granted")
    if is_here and names_thing:
        return TextClaim("hint", "holds", key, hint, f"{fact.flag} is granted in the same place, and the hint names it")
    if not any(words_of(place) for place in nearby_places):
        return TextClaim("hint", "open", key, hint, f"the place where {fact.flag} is granted has no name")
    mentioned_ids = (ids[lemma] for lemma in sorted(lemmas) if lemma in ids)
    other_place = next((id for id in mentioned_ids if id not in nearby_places and words_of(id) <= lemmas), None)
    if other_place is not None and not names_thing:
        return TextClaim(
            "hint", "fails", key, hint, f"it names {other_place}, and {fact.flag} is granted in {fact.places[0]}"
        )
    shortcoming = (
        "names what is needed but not where it is" if names_thing else "names neither what is needed nor where it is"
    )
    return TextClaim("hint", "fails", key, hint, f"it {shortcoming}: {fact.flag} is granted in {fact.places[0]}")
