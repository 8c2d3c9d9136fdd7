"""Whose a verb of a premise is: the noun phrase that it has as its subject, read from the first word to the last."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from worldkit.assessment.orders import last_before, opens_clause, precedes_clause
from worldkit.assessment.roles import is_alive
from worldkit.language.phrases import NounPhrase
from worldkit.language.tagging import Token
from worldkit.language.word_sets import word_set

_PLAYER = frozenset(("i", "we", "you"))
_ENDS_OF_SENTENCE = frozenset((".", "!", "?", ";", ":"))


class SubjectReader:
    """Knows the subjects of the verbs up to the token that was noted last.

    Attributes:
        main_subject: That of the main clause of the sentence; None where it has none yet.
    """

    def __init__(self, tokens: Sequence[Token], phrases: Sequence[NounPhrase]) -> None:
        self._tokens = tokens
        self._by_first = {phrase.first: phrase for phrase in phrases}
        self._by_last = {phrase.last: phrase for phrase in phrases}
        self.main_subject: NounPhrase | None = None
        self._person: NounPhrase | None = None
        self._sentence_start = 0
        self._open_clauses = 0

    def note(self, at: int) -> bool:
        """Note whose a verb is, and say whether it is that of a main clause: each clause has a verb of its own."""
        token, before = self._tokens[at], last_before(self._tokens, at)
        tag_before = self._tokens[before].tag if before >= 0 else "S"
        if at and self._tokens[at - 1].word in _ENDS_OF_SENTENCE:
            self._begin_sentence(at)
        if token.tag == "S":
            self._open_clauses = 0
        elif token.tag == "W" or token.word in word_set("background") or token.word == "that":
            self._open_clauses += 1
        if token.tag not in "VXIE" or (token.tag in "IE" and tag_before in "TX"):
            return token.tag == "I" and tag_before == "X" and not self._open_clauses
        is_main = not self._open_clauses
        if not is_main and tag_before != "X":
            self._open_clauses -= 1
        if tag_before != "X" and (subject := self.subject(at)):
            # a keeper bound to a chair: such a verb may be no other verb of the sentence
            if is_main and (token.tag != "E" or self.main_subject is None):
                self.main_subject = subject
            # a girl learns that her father is a spy: she is still who is told of
            is_told = subject.first > 0 and self._tokens[subject.first - 1].word == "that"
            self._person = subject if is_alive(subject) and not (is_told and self._person) else self._person
        if token.tag in "VI" and precedes_clause(self._tokens, at, self._by_first.get(at + 1)):
            self._open_clauses += 1
        return is_main and token.tag in "VI"

    def _begin_sentence(self, at: int) -> None:
        first = self._by_first.get(self._sentence_start)
        self._person = first if self.main_subject is None and first and is_alive(first) else self._person
        self.main_subject, self._sentence_start = None, at

    def subject(self, at: int) -> NounPhrase | None:
        """Return who or what does what a verb group says that begins at a place; None where nobody is named."""
        before = last_before(self._tokens, at)
        while before >= 0 and self._tokens[before].tag == "X":
            before = last_before(self._tokens, before)
        if before < self._sentence_start:
            return None
        token = self._tokens[before]
        if token.word in ("and", "or", "then", ","):
            return self._before_aside(before) or self.main_subject or self._by_first.get(self._sentence_start)
        if token.word in ("he", "she", "they"):
            first = self._first()
            people = (phrase for phrase in (self.main_subject, self._person, first) if phrase and is_alive(phrase))
            return next(people, _pronoun(before, token))
        if token.tag == "O" and (before == 0 or self._tokens[before - 1].tag not in "VIEG"):
            return _pronoun(before, token)
        if token.tag == "W" or token.word == "that":
            return self._before_clause(before)
        noun = before - 1 if token.tag == "M" else before  # agent 47 must
        phrase = self._antecedent(before) if token.tag in "VIEGOA" else self._by_last.get(noun)
        return self._head(phrase) if phrase else None

    def _first(self) -> NounPhrase | None:
        """Return what the sentence begins with: an old man, in "There is an old man"."""
        start = self._sentence_start
        return self._by_first.get(start + 2 if self._tokens[start].word == "there" else start)

    def _before_aside(self, at: int) -> NounPhrase | None:
        """Return what stands before an aside that a comma ends: the tenants, who have not spoken, must."""
        start = at - 1
        while start > self._sentence_start and self._tokens[start].word != ",":
            start -= 1
        aside = self._tokens[start + 1 : at]
        is_aside = self._tokens[at].word == self._tokens[start].word == "," and bool(aside)
        before_relative = takewhile(lambda token: token.tag != "W", aside)
        is_aside = is_aside and not any(token.tag in "VX" for token in before_relative)
        if is_aside and start == self._sentence_start:
            return self._by_first.get(start + 1)  # what a name is left out of: [Mr. Smith], a baker, must
        phrase = self._by_last.get(start - 1) if is_aside else None
        return self._head(phrase) if phrase else None

    def _antecedent(self, at: int) -> NounPhrase | None:
        """Return what a relative clause tells of that goes on to a place: the gravedigger who has told a joke."""
        while at >= self._sentence_start and not opens_clause(self._tokens[at]):
            at -= 1
        return self._before_clause(at)

    def _before_clause(self, at: int) -> NounPhrase | None:
        """Return what stands before the word that opens a clause; None where that word begins the sentence."""
        return (self._by_last.get(at - 1) or self._by_last.get(at - 2)) if at > self._sentence_start else None

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
                at -= at >= 0 and self._tokens[at].tag in "ER"  # a knight betrayed by his king, or alone on a rover
                before = self._by_last.get(at)
                if before is None and at >= 0 and self._tokens[at].tag == "A":
                    before = self._antecedent(at)  # a knight who is afraid of horses
            elif token.word in ("and", ",") and at >= 0:
                other = self._tokens[at]
                if token.word == "and" and other.word in _PLAYER:
                    return _pronoun(at, other)
                before = self._by_last.get(at) or self._listed(at)
                can_act = before is not None and (before.is_name or is_alive(before))
                before = before if before and can_act and self._opens_sentence(before) else None
            else:
                before = None
            if before is None:
                break
            phrase = before
        return phrase

    def _listed(self, comma: int) -> NounPhrase | None:
        """Return what stands between two commas, the later of them before "and": a king, his fool, and a horse."""
        phrase = self._by_last.get(comma - 1) if self._tokens[comma].word == "," else None
        return phrase if phrase and phrase.first and self._tokens[phrase.first - 1].word == "," else None

    def _opens_sentence(self, phrase: NounPhrase) -> bool:
        """Say whether a phrase can be a subject: no verb stands before it, or it belongs to what stands there."""
        tags_before = [token.tag for token in self._tokens[max(0, phrase.first - 2) : phrase.first]]
        if tags_before in (["N", "P"], ["E", "P"]):
            return True
        clause = takewhile(lambda token: token.tag != "S", reversed(self._tokens[self._sentence_start : phrase.first]))
        return not any(token.tag in "VXIE" for token in clause)

    def doer(self, at: int) -> NounPhrase | None:
        """Return by whom something is done, in the passive."""
        is_by = any(token.word == "by" for token in self._tokens[at + 1 : at + 2])
        return self._by_first.get(at + 2) if is_by else None


def _pronoun(at: int, token: Token) -> NounPhrase:
    return NounPhrase(at, at, "", (token.word,), token.word, 1, is_plural=False, is_name=False)
