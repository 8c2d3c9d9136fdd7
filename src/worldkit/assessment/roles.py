"""Which role a noun phrase of a premise has: by what its words can mean, and by where it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import takewhile

from worldkit.assessment.names import Role
from worldkit.assessment.orders import BE_FORMS
from worldkit.language.lexicon import SenseClass, lexicon
from worldkit.language.phrases import NounPhrase
from worldkit.language.tagging import Token, is_closed_word
from worldkit.language.word_sets import word_set

_AGENT_SUFFIX = re.compile(r"(?:er|or|ist|man|men|eer|ian|smith|herd|wright|ess|girl|boy|folk)s?\Z")

_MAX_OPENING_WORDS = 8
"""Words before a noun phrase that are looked at."""
_PLAYER_IDENTITY_OPENING = re.compile(
    r"(?<!\bif )(?<!\bunless )(?<!\bwhether )\b(?:(?:you|we) are|i am|you're|we're|i'm|the player is|my name is)"
    r"(?: (?:now|also|still|just|both|all|only|playing|[a-z]+ly))*(?: one of| the [a-z]+est of)? \Z"
)
"""What the player is called behind."""
_PLAYED_ROLE_OPENING = re.compile(
    r"\b(?:you|i|we|the player) (?:will |now |can )?plays? \Z|\bplay(?:s|ing)? as \Z"
    r"|\b(?:play|plays|playing|take|takes|taking|in|on) (?:on )?the (?:role|part) of \Z"
    r"|\b(?:you|i|we) (?:wake|wake up|awake|live|work|serve|travel|return|sign on) as \Z"
)
"""What the player is said to play behind."""
_PLAYER_WORDS = frozenset(("you", "i", "we", "your", "my", "our"))
_WORDS_AFTER_MEASURE = word_set("from_here")
"""What stands behind a measure, which is nobody: two hours from home, three floors up."""


def _weights(phrase: NounPhrase) -> dict[SenseClass, float]:
    """Return how much each class of thing has of the senses of a phrase."""
    weights: dict[SenseClass, float] = {}
    for rank, sense in enumerate(phrase.senses):
        kind = _topmost_kinds().get(sense.id, sense.kind)
        weights[kind] = weights.get(kind, 0) + sense.frequency + 1 / (1 + rank)
    return weights


@cache
def _topmost_kinds() -> dict[int, SenseClass]:
    """Return the classes of the senses that all people and animals are kinds of, which the lexicon calls abstract."""
    return {lexicon().senses("person")[0].id: "p", lexicon().senses("animal")[0].id: "a"}


def role_of(
    phrase: NounPhrase, tokens: Sequence[Token], *, is_agent: bool, is_object: bool, is_player: bool
) -> Role | None:
    """Return the role of a noun phrase; None when it names nothing that could stand in a world.

    Args:
        tokens: The premise's.
        is_agent: Whether it is what acts.
        is_object: Whether something is to be done with it.
        is_player: Whether it is what the player is called, whatever that is elsewhere: you are a memory.
    """
    last_word = phrase.words[-1]
    if not any(char.isalpha() for char in last_word) or len(last_word) < 2:
        return None
    if is_player:
        return "who"
    # the last number wants to be counted, but someone wants to count
    is_told_of = is_agent and bool(phrase.modifiers) and not is_closed_word(last_word)
    if last_word in word_set("empty") and not is_told_of:
        return None
    preposition = _preposition(phrase, tokens)
    if _is_idiom(phrase, tokens) or _is_errand(phrase, tokens):
        return None
    if _is_absent(phrase, tokens) and not is_agent:
        return None
    weights = _weights(phrase)
    total = sum(weights.values())
    if phrase.is_name and (weights.get("m", 0) >= total / 2 > 0 or (preposition == "from" and weights.get("l"))):
        return None  # a day or a month; nobody is any more in the town that they come from
    if phrase.is_name and (not total or weights.get("l", 0) < total / 2):
        return (
            "where"
            if preposition in ("in", "at", "on", "to", "from", "near", "through") and not weights.get("p")
            else "who"
        )
    if not total:
        return "who" if is_agent or _AGENT_SUFFIX.search(last_word) else "what"
    alive = weights.get("p", 0) + weights.get("a", 0)
    group, place = weights.get("g", 0), weights.get("l", 0)
    concrete = weights.get("t", 0) + weights.get("c", 0)
    if is_agent:
        return "who"
    is_likely_place = place >= 0.25 * max(alive, concrete) and any(sense.kind == "l" for sense in phrase.senses[:3])
    if _is_also_place(phrase, tokens) or (preposition in word_set("into") and place and is_likely_place):
        return "what" if _is_craft_as_thing(phrase, preposition, is_object) else "where"
    if alive >= max(place, concrete, total * 0.34):
        return "who"
    is_placed = preposition in word_set("locative") or preposition in word_set("towards")
    if place and place >= max(concrete * (0.4 if is_placed else 1), total * 0.2):
        return "what" if _is_craft_as_thing(phrase, preposition, is_object) else "where"
    if preposition in word_set("into") and phrase.article and group + place > concrete:
        return "where"
    if group > max(total * 0.3, concrete, place):
        return "who"
    if concrete > total * 0.25 or is_object:
        return "what"
    return None


def _is_also_place(phrase: NounPhrase, tokens: Sequence[Token]) -> bool:
    """Say whether a word that means something else first is a place here: the laundry, but no bar of gold."""
    word_after = tokens[phrase.last + 1].word if phrase.last + 1 < len(tokens) else ""
    return bool(phrase.article) and phrase.words[-1] in word_set("also_places") and word_after != "of"


def _is_craft_as_thing(phrase: NounPhrase, preposition: str, is_object: bool) -> bool:
    """Say whether a ship or a train is a thing here: it is a place only to somebody aboard."""
    words = lexicon()
    craft = words.senses("vehicle")[0].id
    is_craft = any(craft in words.ancestors(sense.id) for sense in phrase.senses[:1])
    return is_craft and preposition not in word_set("conveyances") and (is_object or preposition not in ("of", "from"))


def _is_idiom(phrase: NounPhrase, tokens: Sequence[Token]) -> bool:
    """Say whether a noun alone says how something is, or is done, and names nothing: out of order, in secret."""
    words_before = [token.word for token in tokens[max(0, phrase.first - 2) : phrase.first]]
    is_bare = not phrase.article and not phrase.modifiers and not phrase.is_name
    is_manner = words_before[-1:] == ["in"] and phrase.words[-1] in ("secret", "silence", "disguise")
    return (words_before == ["out", "of"] or is_manner) and is_bare


def _is_errand(phrase: NounPhrase, tokens: Sequence[Token]) -> bool:
    """Say whether a noun only says that something is to be done: the mission, in "your mission is to defuse"."""
    words_after = [token.word for token in tokens[phrase.last + 1 : phrase.last + 3]]
    return words_after == ["is", "to"] and phrase.words[-1] in word_set("errands")


def _is_absent(phrase: NounPhrase, tokens: Sequence[Token]) -> bool:
    """Say whether a premise names something only to say that there is none: a samurai without a master."""
    word_before = tokens[phrase.first - 1].word if phrase.first else ""
    others = {token.word for token in (*tokens[: phrase.first], *tokens[phrase.last + 1 :])}
    is_named_again = phrase.words[-1] in others or not _REFERRING_PRONOUNS.isdisjoint(
        token.word for token in tokens[phrase.last :]
    )
    return (word_before in ("without", "no") or phrase.article == "no") and not is_named_again


_REFERRING_PRONOUNS = frozenset(["it", "them", "one"])


def _preposition(phrase: NounPhrase, tokens: Sequence[Token]) -> str:
    token_before = tokens[phrase.first - 1] if phrase.first else None
    return token_before.word if token_before is not None and token_before.tag in "PT" else ""


def players_of(tokens: Sequence[Token], phrases: Sequence[NounPhrase]) -> set[int]:
    """Return the ids of the noun phrases that a premise calls its reader or its teller."""
    players: set[int] = set()
    comma_at = len(tokens)
    for phrase in phrases:
        words_after = [token.word for token in tokens[phrase.last + 1 : phrase.last + 3]]
        # you are Mara, a night nurse
        is_apposition = (
            phrase.first == comma_at + 1
            and tokens[comma_at].word == ","
            and phrase.article in ("a", "an")
            and words_after[:1] in ([], ["."], [","], [";"], ["who"], ["in"], ["of"])
        )
        if is_apposition or _is_player(phrase, tokens, words_after):
            players.add(id(phrase))
            comma_at = phrase.last + 1
    return players


def _is_player(phrase: NounPhrase, tokens: Sequence[Token], words_after: Sequence[str]) -> bool:
    words_before = [token.word for token in tokens[max(0, phrase.first - _MAX_OPENING_WORDS) : phrase.first]]
    opening = "".join(f"{word} " for word in words_before)
    is_somebody = phrase.is_name or bool({"p", "a"} & _weights(phrase).keys())
    if _PLAYER_IDENTITY_OPENING.search(opening):
        # you are home, or two hours from it; but a thief from the north is no measure
        is_amount = phrase.is_plural or any(sense.kind in "mx" for sense in phrase.senses[:1])
        is_measure = is_amount and not is_somebody and bool(_WORDS_AFTER_MEASURE.intersection(words_after[:1]))
        return (bool(phrase.article) or phrase.is_plural or is_somebody) and not is_measure
    if words_before[-2:-1] in (["you"], ["i"], ["we"]) and words_before[-1:] == [","]:
        return phrase.article in ("a", "an", "the") and words_after[:1] == [","]  # you, a stowaway, must
    is_as = words_before[-1:] == ["as"] and words_before[-2:-1] in ([], [","], ["."])
    if is_as and words_after[:1] == [","]:
        return is_somebody and not _PLAYER_WORDS.isdisjoint(words_after[1:])  # as an apprentice, you must
    return is_somebody and _PLAYED_ROLE_OPENING.search(opening) is not None


def agents_of(tokens: Sequence[Token], phrases: Sequence[NounPhrase]) -> set[int]:
    """Return the phrases that act, by identity: those that open a clause and have its verb behind them."""
    agents: set[int] = set()
    ends = {phrase.first: phrase.last + 1 for phrase in phrases}
    for phrase in phrases:
        opener = tokens[phrase.first - 1] if phrase.first else None
        is_first = opener is None or opener.word in (".", "!", "?", ":")
        index = _past_adverbs(tokens, phrase.last + 1)
        has_place = is_first and index < len(tokens) and tokens[index].tag == "P"
        while is_first and index < len(tokens) and tokens[index].tag == "P" and index + 1 in ends:
            # a cook on an airship must, the ghost of a king wants
            index = _past_adverbs(tokens, ends[index + 1])
        if index >= len(tokens):
            if has_place and is_alive(phrase):
                agents.add(id(phrase))
            continue
        opens_clause = is_first or (opener is not None and opener.word in (";", ":", "and", ",", "or", "then"))
        has_verb = opens_clause and (tokens[index].tag in "VXI" or tokens[index].word == "who")
        is_joined = opener is None and tokens[index].word in ("and", ",")
        can_act = _can_act(phrase, tokens[index:], is_first and has_verb)
        if (has_place and is_alive(phrase)) or ((has_verb or is_joined) and can_act):
            agents.add(id(phrase))
    return agents


def _past_adverbs(tokens: Sequence[Token], at: int) -> int:
    while at < len(tokens) and tokens[at].tag == "R":
        at += 1
    return at


def is_alive(phrase: NounPhrase) -> bool:
    """Say whether a noun phrase means people or animals before all else."""
    weights = _weights(phrase)
    return weights.get("p", 0) + weights.get("a", 0) + weights.get("g", 0) >= 0.5 * sum(weights.values())


def _can_act(phrase: NounPhrase, following_tokens: Sequence[Token], is_first: bool) -> bool:
    weights = _weights(phrase)
    if _is_passive(following_tokens) and not is_alive(phrase):
        return False  # a letter must be delivered
    if phrase.is_name or not weights or weights.keys() & {"p", "a", "g"} or phrase.lemma in word_set("automata"):
        return True
    acts = (token for token in following_tokens[:6] if token.tag in "XVI")
    has_goal = any(token.word in word_set("goals") or _is_seeking(token.word) for token in acts)
    return is_first and has_goal and not weights.get("l", 0) > sum(weights.values()) * 0.6


def _is_seeking(verb: str) -> bool:
    return verb not in ("find", "finds") and not word_set("seeking").isdisjoint(lexicon().lemmas(verb, "v"))


def _is_passive(tokens: Sequence[Token]) -> bool:
    """Say whether a verb phrase says that something is or must be done to its subject; who wants it wants something."""
    chain = list(takewhile(lambda token: token.word in _NECESSITY_WORDS or token.tag == "R", tokens))
    is_done = len(chain) < len(tokens) and tokens[len(chain)].tag == "E"
    return is_done and any(token.word in BE_FORMS for token in chain)


_NECESSITY_WORDS = BE_FORMS | {"must", "should", "has", "have", "had", "needs", "need", "to"}
