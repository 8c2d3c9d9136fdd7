"""Who does what in a premise: its verbs with their subjects and objects, and which of them say what is to be done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile

from worldkit.assessment.names import Clause, ClauseKind, ClausePart
from worldkit.assessment.roles import is_alive
from worldkit.language.lexicon import lexicon
from worldkit.language.phrases import NounPhrase
from worldkit.language.tagging import Token
from worldkit.language.word_sets import word_set

_JOINED = 10
"""Tokens between the verbs of orders that "and" joins, less than."""
_BE = frozenset(("is", "are", "was", "were", "be", "been"))
_HAVE = frozenset(("has", "have", "had"))
_MUST = _HAVE | {"must", "should", "needs", "need"}
_PLAYER = frozenset(("i", "we", "you"))
_THROUGH = frozenset(("across", "against", "into", "through"))
_SOMEBODY = frozenset(("anyone", "anybody", "someone", "somebody"))


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
    last: int = 0


class ClauseReader:
    """Reads the tokens of a premise from the first to the last, each once."""

    def __init__(self, tokens: Sequence[Token], phrases: Sequence[NounPhrase]) -> None:
        self._tokens = tokens
        self._by_first = {phrase.first: phrase for phrase in phrases}
        self._by_last = {phrase.last: phrase for phrase in phrases}
        self._main_subject: NounPhrase | None = None
        self._person: NounPhrase | None = None
        self._sentence_start = 0
        self._last_object: NounPhrase | None = None
        self._open_clauses = 0
        self._last_order = -_JOINED

    def verbs(self) -> list[VerbAt]:
        """Return its verbs that have an object or lead somewhere, and all of what must be done, in their order.

        A relative clause says what is to be done only where nothing else does: a knight who must save the princess.
        """
        verbs: list[VerbAt] = []
        related_verbs: list[VerbAt] = []
        for at, token in enumerate(self._tokens):
            is_main = self._note(at)
            if verb := self._verb(at, is_main=is_main):
                self._last_object = verb.object or self._last_object
                (related_verbs if self._is_related(verb) else verbs).append(verb)
            if token.word in (".", "!", "?", ";", ":"):
                first = self._by_first.get(self._sentence_start)
                self._person = first if self._main_subject is None and first and is_alive(first) else self._person
                self._main_subject, self._sentence_start = None, at + 1
        has_order = any(verb.kind == "order" for verb in verbs)
        has_task = any(verb.kind in ("order", "purpose", "told") for verb in verbs)
        for verb in related_verbs:
            if not (has_order if verb.kind == "order" else has_task or verb.is_over) and self._is_of_subject(verb):
                verbs.append(replace(verb, kind="told") if verb.kind == "background" else verb)
        return sorted(verbs, key=lambda verb: verb.at)

    def _note(self, at: int) -> bool:
        """Note whose a verb is, and say whether it is that of a main clause: each clause has a verb of its own."""
        token, before = self._tokens[at], self._before(at)
        tag_before = self._tokens[before].tag if before >= 0 else "S"
        if token.tag == "S":
            self._open_clauses = 0
        elif token.tag == "W" or token.word in word_set("background") or token.word == "that":
            self._open_clauses += 1
        if token.tag not in "VXIE" or (token.tag in "IE" and tag_before in "TX"):
            return token.tag == "I" and tag_before == "X" and not self._open_clauses
        is_main = not self._open_clauses
        if not is_main and tag_before != "X":
            self._open_clauses -= 1
        if tag_before != "X" and (subject := self._subject(at)):
            # a keeper bound to a chair: such a verb may be no other verb of the sentence
            if is_main and (token.tag != "E" or self._main_subject is None):
                self._main_subject = subject
            self._person = subject if is_alive(subject) else self._person
        return is_main and token.tag in "VI"

    def _verb(self, at: int, *, is_main: bool) -> VerbAt | None:
        """Return the verb at a place, if it says what is to be done, or what is done to what."""
        token, verb = self._tokens[at], verb_form(self._tokens[at])
        particle, target = self._object(at)
        kind: ClauseKind
        if wanted := self._wanted_back(at, target):
            return wanted
        if (first := self._order_start(at)) is not None:
            self._last_order = at
            return self._allowed(VerbAt(at, first, verb, "order", self._subject(first), target, particle))
        if (first := self._passive_start(at)) is not None:
            subject = self._subject(first)
            if subject and subject.lemma in ("it", "they"):
                subject = self._last_object or subject
            is_order = self._tokens[first].word in _MUST and self._tokens[self._before(at)].word == "be"
            kind = "order" if is_order else "background"
            passive = VerbAt(at, first, verb, kind, self._doer(at), subject, is_passive=True, is_over=not is_order)
            return self._allowed(passive) if subject else None
        if self._is_purpose(at):
            return self._allowed(VerbAt(at, at - 1, verb, "purpose", self._main_subject, target, particle))
        if token.tag not in "VIE" or (at and self._tokens[at - 1].tag == "T"):
            return None
        has_task = is_main and token.tag != "E" and (target is not None or self._leads_somewhere(at))
        if not has_task and target is None:
            return None
        had = {token.word for token in self._tokens[max(0, at - 3) : at]} & _HAVE
        is_over = token.tag == "E" or bool(had)
        kind = "told" if has_task else "background"
        return self._allowed(VerbAt(at, at, verb, kind, self._subject(at), target, particle, is_over=is_over))

    def _is_related(self, verb: VerbAt) -> bool:
        """Say whether a verb is that of a relative clause."""
        openings = [verb.first, verb.object.first] if verb.is_passive and verb.object else [verb.first]
        while openings[0] and self._tokens[openings[0] - 1].tag in "XR":
            openings[0] -= 1
        return any(at > 0 and _opens_clause(self._tokens[at - 1]) for at in openings)

    def _allowed(self, verb: VerbAt) -> VerbAt:
        """Return a verb, as one of what must not be done where it is: must never open, don't let, nobody may enter."""
        for token in reversed(self._tokens[max(0, verb.at - 4) : verb.at]):
            if token.word in ("can't", "cannot", "couldn't"):
                break
            if token.word in ("not", "never", "nobody", "none") or token.word.endswith("n't"):
                return replace(verb, kind="forbidden")
            if token.tag not in "XR":
                break
        return verb

    # ---- what is done to what --------------------------------------------------------------------

    def _object(self, at: int) -> tuple[str, NounPhrase | None]:
        tokens, verb = self._tokens, verb_form(self._tokens[at])
        particles = [token.word for token in tokens[at + 1 : at + 2] if token.tag in "PR"]
        particle = next((word for word in particles if word in word_set("particles")), "")
        start = at + 2 if particle else at + 1
        target = self._by_first.get(start)
        if target is None and any(token.word in ("all", "both", "half") for token in tokens[start : start + 1]):
            target = self._by_first.get(start + 1)
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
        return VerbAt(at, at, "get", "order", self._subject(at), thing, "back", is_passive=True, last=last)

    def _leads_somewhere(self, at: int) -> bool:
        """Say whether a verb leads somewhere, or is done to somebody unknown, and not only somewhere."""
        next_tokens = self._tokens[at + 1 : at + 3]
        is_direction = (
            len(next_tokens) > 1 and next_tokens[0].word in word_set("towards") | _THROUGH and next_tokens[1].tag != "I"
        )
        return is_direction or any(token.tag == "W" or token.word in _SOMEBODY for token in next_tokens)

    # ---- who does it -----------------------------------------------------------------------------

    def _before(self, at: int) -> int:
        """Return where the last token before a place stands that is no adverb; -1 for none."""
        at -= 1
        while at >= 0 and (self._tokens[at].tag == "R" or self._tokens[at].word in ("first", "(", ")")):
            at -= 1
        return at

    def _subject(self, at: int) -> NounPhrase | None:
        """Return who or what does what a verb group says that begins at a place; None where nobody is named."""
        before = self._before(at)
        while before >= 0 and self._tokens[before].tag == "X":
            before = self._before(before)
        if before < self._sentence_start:
            return None
        token = self._tokens[before]
        if token.word in ("and", "or", "then", ","):
            return self._before_aside(before) or self._main_subject or self._by_first.get(self._sentence_start)
        if token.word in ("he", "she", "they"):
            first = self._by_first.get(self._sentence_start)
            people = (phrase for phrase in (self._main_subject, self._person, first) if phrase and is_alive(phrase))
            return next(people, _pronoun(before, token))
        if token.tag == "O" and (before == 0 or self._tokens[before - 1].tag not in "VIEG"):
            return _pronoun(before, token)
        if token.tag == "W" or token.word == "that":
            return self._by_last.get(before - 1) or self._by_last.get(before - 2)
        phrase = self._antecedent(before) if token.tag in "VIEGO" else self._by_last.get(before)
        return self._head(phrase) if phrase else None

    def _before_aside(self, at: int) -> NounPhrase | None:
        """Return what stands before an aside that a comma ends: the tenants, who have not spoken, must."""
        start = at - 1
        while start > self._sentence_start and self._tokens[start].word != ",":
            start -= 1
        aside = self._tokens[start + 1 : at]
        is_aside = self._tokens[at].word == self._tokens[start].word == "," and bool(aside)
        is_aside = is_aside and (aside[0].tag == "W" or not any(token.tag in "VX" for token in aside))
        return self._by_last.get(start - 1) if is_aside else None

    def _antecedent(self, at: int) -> NounPhrase | None:
        """Return what a relative clause tells of that goes on to a place: the gravedigger who has told a joke."""
        while at >= self._sentence_start and not _opens_clause(self._tokens[at]):
            at -= 1
        return self._by_last.get(at - 1) or self._by_last.get(at - 2)

    def _head(self, phrase: NounPhrase) -> NounPhrase:
        """Return what a noun phrase before a verb belongs to: the driver, of the driver of the last train.

        So it is with a relative clause, and with the first of those who do something together.
        """
        while phrase.first > self._sentence_start:
            token = self._tokens[phrase.first - 1]
            at = phrase.first - 2
            if token.tag in "VIEGX":
                before = self._antecedent(at)
            elif token.tag in "PT":
                at -= at >= 0 and self._tokens[at].tag == "E"  # a knight betrayed by his king
                before = self._by_last.get(at)
            elif token.word in ("and", ","):
                other = self._tokens[at]
                if token.word == "and" and other.word in _PLAYER:
                    return _pronoun(at, other)
                before = self._by_last.get(at)
                can_act = before is not None and (before.is_name or is_alive(before))
                before = before if before and can_act and self._opens_sentence(before) else None
            else:
                before = None
            if before is None:
                break
            phrase = before
        return phrase

    def _opens_sentence(self, phrase: NounPhrase) -> bool:
        """Say whether a phrase can be a subject: no verb stands before it, or it belongs to what stands there."""
        tags_before = [token.tag for token in self._tokens[max(0, phrase.first - 2) : phrase.first]]
        if tags_before in (["N", "P"], ["E", "P"]):
            return True
        clause = takewhile(lambda token: token.tag != "S", reversed(self._tokens[self._sentence_start : phrase.first]))
        return not any(token.tag in "VXIE" for token in clause)

    def _doer(self, at: int) -> NounPhrase | None:
        """Return by whom something is done, in the passive."""
        is_by = any(token.word == "by" for token in self._tokens[at + 1 : at + 2])
        return self._by_first.get(at + 2) if is_by else None

    # ---- what is to be done ----------------------------------------------------------------------

    def _order_start(self, at: int) -> int | None:
        """Return where a clause begins that orders what a verb says: "must", "has to"; None for a verb that tells."""
        tokens = self._tokens
        is_state = tokens[at].word == "be" and not any(token.tag == "E" for token in tokens[at + 1 : at + 2])
        if tokens[at].tag != "I" and not is_state:
            return None
        if at == 0 or tokens[at - 1].word in (".", "!", "?"):
            return at
        before = self._before(at)
        word = tokens[before].word if before >= 0 else ""
        if word == "to" and before:
            verb = tokens[before - 1]
            if verb.word in word_set("goals") and verb.tag != "N":
                return before - 1
            # your mission is to defuse the bomb
            errands = (token for token in tokens[max(0, before - 8) : before] if token.word in word_set("errands"))
            if verb.word == "is" and any(errands):
                return before - 1
            # is hired to open a door, has been chosen by lot to steal the chart
            for participle in range(before - 1, max(before - 4, 0), -1):
                if tokens[participle].tag == "E" and tokens[participle - 1].word in _BE:
                    return participle - (2 if tokens[participle - 2].tag == "X" else 1)
        if word in ("must", "should", "needs", "help", "helps"):
            return before
        if word in ("and", "or", ",", "then") and self._last_order > at - _JOINED:
            return before
        return None

    def _passive_start(self, at: int) -> int | None:
        """Return where it begins that something was, or must be, done to what stands before; None where it is not."""
        before = self._before(at)
        if self._tokens[at].tag != "E" or before < 1 or self._tokens[before].word not in _BE:
            return None
        while before > 0 and (self._tokens[before - 1].tag in "XR" or self._tokens[before - 1].word == "to"):
            before -= 1
        return before

    def _is_purpose(self, at: int) -> bool:
        """Say whether a verb says what something is done for: breaks in to return.

        What somebody else is to do is none (waits for the bell to ring), nor what belongs to a noun (the plan to kill
        the king) or to a clause about something else (the patient who taught it to dream).
        """
        tokens = self._tokens
        if at < 2 or tokens[at].tag != "I" or tokens[at - 1].word != "to" or tokens[at - 2].tag in "XA":
            return False
        clause = list(takewhile(lambda token: token.tag != "S", reversed(tokens[max(0, at - 6) : at - 1])))
        words = [token.word for token in clause]
        is_of_other = bool({"for", "who", "which", "that"} & {*words[:4]}) or any(
            token.tag == "W" or (token.tag == "T" and after.tag == "I") for after, token in pairwise(clause[:4])
        )
        return not is_of_other and not word_set("with_infinitive").intersection(words[:1])

    def _is_of_subject(self, verb: VerbAt) -> bool:
        """Say whether a relative clause tells of what its sentence begins with: a knight who must save the princess."""
        before = list(takewhile(lambda token: token.word not in ".!?;:", reversed(self._tokens[: verb.first - 1])))
        if before and before[-1].word in ("you", "you're", "i", "i'm", "we", "we're"):
            return True
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
        )


def _part(phrase: NounPhrase | None, tokens: Sequence[Token]) -> ClausePart | None:
    if phrase is None:
        return None
    start = tokens[phrase.first + len(phrase.article.split())].start
    return ClausePart(phrase.text, phrase.article, start, tokens[phrase.last].end)


def _pronoun(at: int, token: Token) -> NounPhrase:
    return NounPhrase(at, at, "", (token.word,), token.word, 1, is_plural=False, is_name=False)


def _opens_clause(token: Token) -> bool:
    return token.tag == "W" or token.word == "that"
