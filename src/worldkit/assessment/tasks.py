"""What is to be done in a premise: verbs behind "must" or "wants to", else what its main clause does and what for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from worldkit.assessment.names import Name
from worldkit.language.lexicon import lexicon
from worldkit.language.phrases import NounPhrase
from worldkit.language.tagging import Token
from worldkit.language.word_sets import word_set


class TaskPhrase(NamedTuple):
    """Something to be done: its verb in plain form, the particle behind it, its object, and where the verb stands.

    What only happens to somebody is nobody's task: a goblin inherits a throne. Its object is a thing all the same. What
    is told is done by somebody, and nobody says that it is wanted: two sisters keep lighthouses.
    """

    verb: str
    particle: str
    object: NounPhrase | None
    at: int
    only_happens: bool = False
    is_told: bool = False


def tasks_of(tokens: Sequence[Token], phrases: Sequence[NounPhrase]) -> Iterator[TaskPhrase]:
    """Yield what is to be done: verb, particle, object; the goals first, else what the main clause does."""
    by_first = {phrase.first: phrase for phrase in phrases}
    goals: list[int] = []
    is_told = False
    for at in range(len(tokens)):
        if _is_goal(tokens, at, goals) and not _is_forbidden(tokens, at):
            goals.append(at)
    if not goals:
        is_told = True
        main_verbs = [at for at, token in enumerate(tokens) if token.tag in "VI" and _is_main(tokens, at)][:2]
        purposes = (at for at in range(len(tokens)) if _is_purpose(tokens, at))
        goals = sorted(at for at in {*main_verbs, *purposes} if not _is_forbidden(tokens, at))
        if task := next(_wanted_back(tokens, phrases), None):
            yield task
            return
    for at in goals:
        verb = next(iter(lexicon().lemmas(tokens[at].word, "v")), tokens[at].word)
        particles = [token.word for token in tokens[at + 1 : at + 2] if token.tag in "PR"]
        particle = next((word for word in particles if word in word_set("particles")), "")
        target = by_first.get(at + 2 if particle else at + 1)
        if sought := _sought(verb, target, tokens, by_first):
            particle, target = "for", sought
        if verb in word_set("empty_verbs") or (verb in word_set("light") and target is None):
            continue
        is_only_told = is_told and not _is_purpose(tokens, at)
        # that somebody arrives or refuses tells what happens; what is to be done is done to something
        if is_only_told and target is None:
            continue
        yield TaskPhrase(verb, particle, target, at, is_only_told and verb in word_set("happening"), is_only_told)


def _is_goal(tokens: Sequence[Token], at: int, goals: Sequence[int]) -> bool:
    """Say whether a verb stands behind "must", "has to" or "wants to", or goes on from an earlier one that does."""
    if tokens[at].tag != "I":
        return False
    if at == 0 or tokens[at - 1].word in (".", "!", "?"):
        return True  # an order
    earlier_position = at - 1
    while earlier_position > 0 and tokens[earlier_position].tag == "R":
        earlier_position -= 1
    word = tokens[earlier_position].word
    verb = tokens[earlier_position - 1]
    is_behind_goal = word == "to" and verb.word in word_set("goals") and verb.tag != "N"
    # your mission is to defuse the bomb
    is_behind_goal |= (
        word == "to" and verb.word == "is" and tokens[max(0, earlier_position - 2)].word in word_set("errands")
    )
    if is_behind_goal or word in ("must", "should", "needs", "help", "helps"):
        return not (
            earlier_position > 0
            and (tokens[earlier_position - 1].tag == "W" or tokens[earlier_position - 1].word == "that")
        )
    if word in ("and", "or", ",", "then"):
        return bool(goals) and goals[-1] >= at - 9
    return False


def _is_forbidden(tokens: Sequence[Token], at: int) -> bool:
    """Say whether a verb says what is not to be done: must never open, don't let, nobody may enter."""
    for token in reversed(tokens[max(0, at - 4) : at]):
        if token.word in ("not", "never", "nobody", "none") or token.word.endswith("n't"):
            return True
        if token.tag not in "XR":
            return False
    return False


def _is_purpose(tokens: Sequence[Token], at: int) -> bool:
    """Say whether a verb says what something is done for: breaks in to return.

    What somebody else is to do is none (waits for the bell to ring), nor what belongs to a noun (the plan to kill the
    king) or to a clause about something else (the patient who taught it to dream).
    """
    if at < 2 or tokens[at].tag != "I" or tokens[at - 1].word != "to" or tokens[at - 2].tag in "XA":
        return False
    clause = list(takewhile(lambda token: token.tag != "S", reversed(tokens[: at - 1])))
    words = [token.word for token in clause]
    is_of_other = bool({"for", "who", "which", "that"} & {*words[:4]}) or any(token.tag in "WT" for token in clause[:4])
    return not is_of_other and not word_set("with_infinitive").intersection(words[:1])


def _sought(
    verb: str, target: NounPhrase | None, tokens: Sequence[Token], by_first: dict[int, NounPhrase]
) -> NounPhrase | None:
    """Return what is sought where a place is searched for it: a hawk, in "searches the marsh for a hawk"."""
    if target is None or verb not in word_set("seeking"):
        return None
    at = target.last + 1
    return by_first.get(at + 1) if at < len(tokens) and tokens[at].word == "for" else None


def _wanted_back(tokens: Sequence[Token], phrases: Sequence[NounPhrase]) -> Iterator[TaskPhrase]:
    """Yield what somebody wants back: his shadow, in "sells his shadow and wants it back"."""
    for at in range(len(tokens) - 2):
        if tokens[at].word not in ("want", "wants"):
            continue
        target = next((phrase for phrase in phrases if phrase.first == at + 1), None)
        last = target.last if target else at + 1
        if last + 1 < len(tokens) and tokens[last + 1].word == "back":
            target = target or next((phrase for phrase in reversed(phrases) if phrase.last < at), None)
            yield TaskPhrase("get", "back", target, at)


def _is_main(tokens: Sequence[Token], at: int) -> bool:
    """Say whether a verb is that of the main clause: no relative or background clause opened before it."""
    for token in reversed(tokens[:at]):
        if token.tag == "S" and token.word != ",":
            return True
        if token.tag in "WT" or token.word in word_set("background") or token.word == "that":
            return False
    return True


def task_name(task: TaskPhrase, tokens: Sequence[Token]) -> Name:
    """Return a task as a name."""
    verb, particle, target, at, _, is_told = task
    senses = lexicon().senses(verb, "v")
    highest_frequency = max((sense.frequency for sense in senses), default=0)
    is_recovery = particle == "back" and verb in ("get", "win", "take")
    recovery_ids = {sense.id for sense in lexicon().senses("recover", "v")[:1]} if is_recovery else set()
    words = [verb, particle, *([target.article, target.text] if target else [])]
    return Name(
        role="task",
        phrase=" ".join(word for word in words if word),
        lemma=verb,
        senses=frozenset(sense.id for sense in senses[:4] if sense.frequency * 5 >= highest_frequency) | recovery_ids,
        start=tokens[at].start,
        end=tokens[target.last].end if target else tokens[at].end,
        object=target.text if target else "",
        is_chief=True,
        is_told=is_told,
    )
