"""What is to be done in a premise: verbs behind "must" or "wants to", else what its main clause does and what for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, takewhile
from typing import NamedTuple

from worldkit.assessment.names import Clause, ClauseKind, Name
from worldkit.language.lexicon import lexicon
from worldkit.language.phrases import NounPhrase
from worldkit.language.tagging import Token
from worldkit.language.word_sets import word_set

LONGEST_JOINT = 10
"""Tokens between verbs that "and" joins, less than."""


class VerbAt(NamedTuple):
    """A verb of what is to be done, or of what is told, and where it stands among the tokens.

    Attributes:
        at: Where it stands.
        first: Where the clause begins: at "must", or at the verb itself.
        kind: As ``Clause`` has it.
        object: What it is to be done to, where that stands before it: a letter must be delivered.
    """

    at: int
    first: int
    kind: ClauseKind
    object: NounPhrase | None = None


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


def verbs_of(tokens: Sequence[Token], phrases: Sequence[NounPhrase]) -> list[VerbAt]:
    """Return the verbs of what is to be done and of what the main clauses tell, in their order.

    A relative clause counts only where nothing else says what is to be done: a knight who must save the princess.
    """
    by_first = {phrase.first: phrase for phrase in phrases}
    main_verbs = _main_verbs(tokens)
    verbs: list[VerbAt] = []
    related_verbs: list[VerbAt] = []
    last_order = -LONGEST_JOINT
    for at in range(len(tokens)):
        subject: NounPhrase | None = None
        kind: ClauseKind = "order"
        if (first := _order_start(tokens, at, last_order)) is None and (
            first := _passive_start(tokens, at)
        ) is not None:
            subject = _subject(tokens, phrases, first)
            if subject is None:
                continue
        if first is None and _is_purpose(tokens, at):
            first, kind = at - 1, "purpose"
        elif first is None and _is_told(tokens, at, by_first):
            first, kind = at, "told"
        if first is None:
            continue
        opening = subject.first if subject else first
        while opening and tokens[opening - 1].tag in "XR":
            opening -= 1
        is_related = opening > 0 and (tokens[opening - 1].tag == "W" or tokens[opening - 1].word == "that")
        if kind == "told" and not is_related and at not in main_verbs:
            continue
        if _is_forbidden(tokens, at):
            kind = "forbidden"
        if kind == "order" and not is_related:
            last_order = at
        (related_verbs if is_related else verbs).append(VerbAt(at, first, kind, subject))
    if not any(verb.kind == "order" for verb in verbs):
        subject_verbs = [verb for verb in related_verbs if _is_of_subject(tokens, verb)]
        verbs += [verb for verb in subject_verbs if verb.kind == "order" or not verbs]
    return sorted(verbs, key=lambda verb: verb.at)


def _main_verbs(tokens: Sequence[Token]) -> set[int]:
    """Return where the verbs of main clauses stand: each clause that is opened before them has a verb of its own."""
    main_verbs: set[int] = set()
    open_clauses = 0
    for at, token in enumerate(tokens):
        before = _before_adverbs(tokens, at)
        tag_before = tokens[before].tag if before >= 0 else "S"
        if token.tag == "S":
            open_clauses = 0
        elif token.tag == "W" or token.word in word_set("background") or token.word == "that":
            open_clauses += 1
        elif open_clauses and (token.tag in "VX" or (token.tag in "IE" and tag_before not in "TX")):
            open_clauses -= tag_before != "X"
        elif token.tag in "VI":
            main_verbs.add(at)
    return main_verbs


def _subject(tokens: Sequence[Token], phrases: Sequence[NounPhrase], at: int) -> NounPhrase | None:
    """Return what something must be done to: the phrase before "must", or that of the clause before "and has to"."""
    by_last = {phrase.last: phrase for phrase in phrases}
    before = _before_adverbs(tokens, at)
    if before >= 0 and tokens[before].word == "and":
        start = next((n for n in range(at - 1, -1, -1) if tokens[n].tag == "S"), -1) + 1
        return next((phrase for phrase in phrases if phrase.first == start), None)
    subject = by_last.get(before)
    while subject is not None and subject.first > 1 and tokens[subject.first - 1].tag == "P":
        subject = by_last.get(subject.first - 2)
    return subject


def _particle_and_object(
    tokens: Sequence[Token], at: int, by_first: Mapping[int, NounPhrase]
) -> tuple[str, NounPhrase | None]:
    """Return the particle behind a verb, and what is done to what: a hawk, in "searches the marsh for a hawk"."""
    particles = [token.word for token in tokens[at + 1 : at + 2] if token.tag in "PR"]
    particle = next((word for word in particles if word in word_set("particles")), "")
    target = by_first.get(at + 2 if particle else at + 1)
    behind = target.last + 1 if target else len(tokens)
    if behind < len(tokens) and tokens[behind].word == "for" and verb_form(tokens[at]) in word_set("seeking"):
        return "for", by_first.get(behind + 1, target)
    return particle, target


def _is_told(tokens: Sequence[Token], at: int, by_first: Mapping[int, NounPhrase]) -> bool:
    """Say whether a verb tells that something is done to something or somebody, or leads somewhere.

    What is only done somewhere is no task: to wake in a hospital.
    """
    if tokens[at].tag not in "VI" or tokens[at - 1].tag == "T":
        return False
    if _particle_and_object(tokens, at, by_first)[1]:
        return True
    behind = tokens[at + 1 : at + 3]
    is_direction = len(behind) > 1 and behind[0].word in word_set("towards") | _THROUGH and behind[1].tag != "I"
    return is_direction or any(token.tag == "W" or token.word in _SOMEBODY for token in behind)


_THROUGH = frozenset(("across", "against", "into", "through"))
_SOMEBODY = frozenset(("anyone", "anybody", "someone", "somebody"))


def tasks_of(verbs: Sequence[VerbAt], tokens: Sequence[Token], phrases: Sequence[NounPhrase]) -> Iterator[TaskPhrase]:
    """Yield what is to be done: verb, particle, object; what must be, else what the main clause does and what for."""
    by_first = {phrase.first: phrase for phrase in phrases}
    goals = [verb for verb in verbs if verb.kind == "order"]
    if not goals:
        if task := next(_wanted_back(tokens, phrases), None):
            yield task
            return
        told_verbs = [verb for verb in verbs if verb.kind == "told"][:2]
        goals = [verb for verb in verbs if verb in told_verbs or verb.kind == "purpose"]
    for goal in goals:
        verb, is_told = verb_form(tokens[goal.at]), goal.kind == "told"
        particle, target = ("", goal.object) if goal.object else _particle_and_object(tokens, goal.at, by_first)
        # that somebody arrives or refuses tells what happens; what is to be done is done to something
        is_empty = verb in word_set("empty_verbs") or (target is None and (is_told or verb in word_set("light")))
        if not is_empty:
            yield TaskPhrase(verb, particle, target, goal.at, is_told and verb in word_set("happening"), is_told)


def verb_form(token: Token) -> str:
    """Return the plain form of a verb; of a participle another one, where there is: what must be found is to find."""
    lemmas = lexicon().lemmas(token.word, "v")
    other_lemmas = [lemma for lemma in lemmas if lemma != token.word] if token.tag == "E" else []
    return next(iter([*other_lemmas, *lemmas]), token.word)


_BE = frozenset(("is", "are", "was", "were", "been"))


def _before_adverbs(tokens: Sequence[Token], at: int) -> int:
    """Return where the last token before a place stands that is no adverb; -1 for none."""
    return next((n for n in range(at - 1, -1, -1) if tokens[n].tag != "R" and tokens[n].word != "first"), -1)


def _order_start(tokens: Sequence[Token], at: int, last_order: int) -> int | None:
    """Return where a clause begins that orders what a verb says: "must", "has to"; None for a verb that tells."""
    is_state = tokens[at].word == "be" and not any(token.tag == "E" for token in tokens[at + 1 : at + 2])
    if tokens[at].tag != "I" and not is_state:
        return None
    if at == 0 or tokens[at - 1].word in (".", "!", "?"):
        return at
    before = _before_adverbs(tokens, at)
    word = tokens[before].word if before >= 0 else ""
    if word == "to" and before:
        verb = tokens[before - 1]
        if verb.word in word_set("goals") and verb.tag != "N":
            return before - 1
        # your mission is to defuse the bomb
        errands = [n for n in range(max(0, before - 8), before) if tokens[n].word in word_set("errands")]
        if verb.word == "is" and errands:
            return before - 1
        # is hired to open a door, has been chosen by lot to steal the chart
        for participle in range(before - 1, max(before - 4, 0), -1):
            if tokens[participle].tag == "E" and tokens[participle - 1].word in _BE:
                return participle - (2 if tokens[participle - 2].tag == "X" else 1)
    if word in ("must", "should", "needs", "help", "helps"):
        return before
    if word in ("and", "or", ",", "then") and last_order > at - LONGEST_JOINT:
        return before
    return None


def _passive_start(tokens: Sequence[Token], at: int) -> int | None:
    """Return where it begins that something must be done to what stands before: a letter must be delivered."""
    before = _before_adverbs(tokens, at)
    if tokens[at].tag != "E" or before < 1 or tokens[before].word != "be":
        return None
    must = _before_adverbs(tokens, before)
    if must > 0 and tokens[must].word == "to":
        must -= 1
    return must if tokens[must].word in ("must", "should", "has", "have", "needs", "need") else None


def _is_of_subject(tokens: Sequence[Token], verb: VerbAt) -> bool:
    """Say whether a relative clause tells of what its sentence begins with: a knight who must save the princess."""
    before = list(takewhile(lambda token: token.word not in ".!?;:", reversed(tokens[: verb.first - 1])))
    if before and before[-1].word in ("you", "you're", "i", "i'm", "we", "we're"):
        return True
    return bool(before) and not any(token.tag in "VXIPO" for token in before)


def _is_forbidden(tokens: Sequence[Token], at: int) -> bool:
    """Say whether a verb says what is not to be done: must never open, don't let, nobody may enter."""
    for token in reversed(tokens[max(0, at - 4) : at]):
        if token.word in ("can't", "cannot", "couldn't"):
            return False
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
    is_of_other = bool({"for", "who", "which", "that"} & {*words[:4]}) or any(
        token.tag == "W" or (token.tag == "T" and after.tag == "I") for after, token in pairwise(clause[:4])
    )
    return not is_of_other and not word_set("with_infinitive").intersection(words[:1])


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
        end=max(tokens[at].end, tokens[target.last].end) if target else tokens[at].end,
        object=target.text if target else "",
        is_chief=True,
        is_told=is_told,
    )


def clause_of(verb: VerbAt, tokens: Sequence[Token]) -> Clause:
    """Return a verb of what is to be done, or is told, with where it stands in the text."""
    token, first = tokens[verb.at], tokens[verb.first]
    return Clause(
        verb.kind, first.start, token.start, token.end, verb_form(token), verb.object.text if verb.object else ""
    )
