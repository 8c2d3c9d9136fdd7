"""Who does what in a premise: its verbs with their subjects and objects, and which of them say what is to be done."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from worldkit.assessment.names import Clause, ClauseKind, ClausePart
from worldkit.assessment.orders import (
    is_forbidden,
    is_purpose,
    last_before,
    leads_somewhere,
    opens_clause,
    order_start,
    passive_start,
    precedes_clause,
)
from worldkit.assessment.subjects import SubjectReader
from worldkit.language.lexicon import lexicon
from worldkit.language.phrases import NounPhrase
from worldkit.language.tagging import Token
from worldkit.language.word_sets import word_set

_HAVE_FORMS = frozenset(("has", "have", "had"))
_ACCIDENT_PHRASE = re.compile(r"\b(?:accidentally|unwittingly|inadvertently|mistakenly|by (?:accident|mistake))\b")
_NECESSITY_WORDS = _HAVE_FORMS | {"must", "should", "needs", "need"}


@dataclass(frozen=True, slots=True)
class VerbAt:
    """A verb among the tokens of a premise, as ``Clause`` has it in its text.

    Attributes:
        at: Where it stands.
        first: Where the clause begins: at "must", or at the verb itself.
        verb: The verb in plain form.
        object: What is done to what: a hawk, in "searches the marsh for a hawk".
        particle: What stands between both.
        last: Where "back" stands, of what is wanted back; else 0.
    """

    at: int
    first: int
    verb: str
    kind: ClauseKind
    subject: NounPhrase | None
    object: NounPhrase | None
    particle: str = ""
    is_passive: bool = False
    is_over: bool = False
    is_unintended: bool = False
    last: int = 0


class ClauseReader:
    """Reads the tokens of a premise from the first to the last, each once."""

    def __init__(self, tokens: Sequence[Token], phrases: Sequence[NounPhrase]) -> None:
        self._tokens = tokens
        self._by_first = {phrase.first: phrase for phrase in phrases}
        self._subjects = SubjectReader(tokens, phrases)
        self._last_object: NounPhrase | None = None
        self._last_order: int | None = None

    def verbs(self) -> list[VerbAt]:
        """Return its verbs that have an object or lead somewhere, and all of what must be done, in their order.

        A relative clause says what is to be done only where nothing else does: a knight who must save the princess.
        """
        verbs: list[VerbAt] = []
        related_verbs: list[VerbAt] = []
        for at in range(len(self._tokens)):
            is_main = self._subjects.note(at)
            if verb := self._verb(at, is_main=is_main):
                self._last_object = verb.object or self._last_object
                (related_verbs if self._is_related(verb) else verbs).append(verb)
        has_order = any(verb.kind == "order" for verb in verbs)
        has_task = any(verb.kind in ("order", "purpose", "told") for verb in verbs)
        for verb in related_verbs:
            if not (has_order if verb.kind == "order" else has_task or verb.is_over) and self._is_of_subject(verb):
                verbs.append(replace(verb, kind="told") if verb.kind == "background" else verb)
        return sorted(verbs, key=lambda verb: verb.at)

    def _verb(self, at: int, *, is_main: bool) -> VerbAt | None:
        """Return the verb at a place, if it says what is to be done, or what is done to what."""
        token, verb = self._tokens[at], verb_form(self._tokens[at])
        particle, target = self._object(at)
        kind: ClauseKind
        if wanted_verb := self._wanted_back(at, target):
            return wanted_verb
        if (first := order_start(self._tokens, at, self._last_order)) is not None:
            self._last_order = at
            return self._allowed(VerbAt(at, first, verb, "order", self._subjects.subject(first), target, particle))
        if (first := passive_start(self._tokens, at)) is not None:
            subject = self._subjects.subject(first)
            if subject and subject.lemma in ("it", "they"):
                subject = self._last_object or subject
            is_order = (
                self._tokens[first].word in _NECESSITY_WORDS
                and self._tokens[last_before(self._tokens, at)].word == "be"
            )
            kind = "order" if is_order else "background"
            passive = VerbAt(
                at, first, verb, kind, self._subjects.doer(at), subject, is_passive=True, is_over=not is_order
            )
            return self._allowed(passive) if subject else None
        if is_purpose(self._tokens, at):
            return self._allowed(VerbAt(at, at - 1, verb, "purpose", self._subjects.main_subject, target, particle))
        if token.tag not in "VIE" or (at and self._tokens[at - 1].tag == "T"):
            return None
        has_task = is_main and token.tag != "E" and (target is not None or leads_somewhere(self._tokens, at))
        if not has_task and target is None:
            return None
        had = {token.word for token in self._tokens[max(0, at - 3) : at]} & _HAVE_FORMS
        is_over = token.tag == "E" or bool(had)
        is_unintended = self._is_unintended(at)
        kind = "told" if has_task and not is_unintended else "background"
        verb_at = VerbAt(at, at, verb, kind, self._subjects.subject(at), target, particle, is_over=is_over)
        return self._allowed(replace(verb_at, is_unintended=is_unintended))

    def _is_unintended(self, at: int) -> bool:
        """Say whether a verb tells of an accident, which has happened and is no task: he accidentally frees a ghost."""
        behind = takewhile(lambda token: token.word not in ".!?;:,", self._tokens[at:])
        words = " ".join(token.word for token in (*self._tokens[max(0, at - 2) : at], *behind))
        return _ACCIDENT_PHRASE.search(words) is not None

    def _allowed(self, verb: VerbAt) -> VerbAt:
        """Return a verb, as one of what must not be done where it is."""
        return replace(verb, kind="forbidden") if is_forbidden(self._tokens, verb.at) else verb

    def _is_related(self, verb: VerbAt) -> bool:
        """Say whether a verb is that of a relative clause."""
        openings = [verb.first, verb.object.first] if verb.is_passive and verb.object else [verb.first]
        while openings[0] and self._tokens[openings[0] - 1].tag in "XR":
            openings[0] -= 1
        return any(at > 0 and opens_clause(self._tokens[at - 1]) for at in openings)

    def _object(self, at: int) -> tuple[str, NounPhrase | None]:
        tokens, verb = self._tokens, verb_form(self._tokens[at])
        particles = [token.word for token in tokens[at + 1 : at + 2] if token.tag in "PR"]
        particle = next((word for word in particles if word in word_set("particles")), "")
        start = at + 2 if particle else at + 1
        target = self._by_first.get(start)
        if target is None and any(token.word in ("all", "both", "half") for token in tokens[start : start + 1]):
            target = self._by_first.get(start + 1)
        # wakes up two hundred years too early
        is_time = target and tokens[target.first].tag == "M" and target.words[-1] in word_set("empty")
        if precedes_clause(tokens, at, target) or is_time:
            return particle, None
        end_of_target = target.last + 1 if target else len(tokens)
        if end_of_target < len(tokens) and tokens[end_of_target].word == "for" and verb in word_set("seeking"):
            return "for", self._by_first.get(end_of_target + 1, target)
        return particle, target

    def _wanted_back(self, at: int, target: NounPhrase | None) -> VerbAt | None:
        """Return the verb of what somebody wants back: his shadow, in "sells his shadow and wants it back"."""
        last = target.last + 1 if target else at + 2
        is_back = any(token.word == "back" for token in self._tokens[last : last + 1])
        thing = target or self._last_object
        if thing is None or not is_back or self._tokens[at].word not in ("want", "wants"):
            return None
        return VerbAt(at, at, "get", "order", self._subjects.subject(at), thing, "back", is_passive=True, last=last)

    def _is_of_subject(self, verb: VerbAt) -> bool:
        """Say whether a relative clause tells of what its sentence begins with: a knight who must save the princess."""
        before = list(takewhile(lambda token: token.word not in ".!?;:", reversed(self._tokens[: verb.first - 1])))
        if before and before[-1].word in ("you", "you're", "i", "i'm", "we", "we're"):
            return True
        there_at = next((at for at, token in enumerate(before) if token.word == "there"), len(before))
        if there_at < len(before):  # there once was a knight
            before = before[:there_at]
            while before and before[-1].tag in "VXER":
                before.pop()
        return bool(before) and not any(token.tag in "VXIPO" for token in before)


def verb_form(token: Token) -> str:
    """Return the plain form of a verb; of a participle another one, where there is: what must be found is to find."""
    lemmas = lexicon().lemmas(token.word, "v")
    other_lemmas = [lemma for lemma in lemmas if lemma != token.word] if token.tag == "E" else []
    return next(iter([*other_lemmas, *lemmas]), token.word)


def clauses_in(verbs: Sequence[VerbAt], tokens: Sequence[Token]) -> Iterator[Clause]:
    """Yield the clauses of verbs, as they stand in the text."""
    for verb in verbs:
        token = tokens[verb.at]
        yield Clause(
            kind=verb.kind,
            start=tokens[verb.first].start,
            verb_start=token.start,
            verb_end=tokens[max(verb.at, verb.last)].end,
            verb=f"{verb.verb} back" if verb.last else verb.verb,
            form=token.word,
            subject=_part(verb.subject, tokens),
            object=_part(verb.object, tokens),
            is_passive=verb.is_passive,
            is_over=verb.is_over,
            is_unintended=verb.is_unintended,
        )


def _part(phrase: NounPhrase | None, tokens: Sequence[Token]) -> ClausePart | None:
    if phrase is None:
        return None
    start = tokens[phrase.first + len(phrase.article.split())].start
    return ClausePart(phrase.text, phrase.article, start, tokens[phrase.last].end)
