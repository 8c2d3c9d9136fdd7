"""Who does what to what in a premise, read once: a storm cuts the power, a thief has taken the crown.

What somebody else does is not what the player has to do. It is what has happened, and often to be undone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from worldkit.assessment.names import Name
from worldkit.generation.planning.goal_words import allowed_goal
from worldkit.generation.planning.senses import is_vehicle, means_somebody
from worldkit.generation.text.english import the
from worldkit.generation.text.word_sets import ARTICLES, HANGING, word_map, word_set
from worldkit.language.lexicon import lexicon
from worldkit.language.phrases import NounPhrase, noun_phrases
from worldkit.language.tagging import Token, tag

UNDOING = word_map("goal", "undoing")
"""What is to be done where somebody else has done something: what was taken is recovered."""
_CHANGING = word_set("goal", "changing")
"""Verbs that do harm only where they make one thing into another."""
_CASUAL = word_set("goal", "casual")
"""Verbs that do harm only to what is somebody's, or what everybody knows."""
DAMAGED, HARMED, KILLED = (word_set("goal", name) for name in ("damaged", "harmed", "killed"))
"""Words for what may be done: to a thing that can be mended, to one that cannot, to a person."""
_HARMFUL_FORMS = DAMAGED | HARMED | KILLED | word_set("goal", "stolen")
_SUBSTANCES = word_set("assignment", "substances")
_UNKNOWN = word_set("goal", "unknown_doers")
_HAVING = frozenset(["has", "have", "had", "just", "already"])
_ALL = frozenset(["all", "both", "half"])
_PARTICLES = frozenset(["away", "down", "off", "out", "over", "up"])


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that is done to something.

    Attributes:
        actor: Who or what does it, without article; empty for somebody unknown.
        start, end: Where that stands in the text.
        verb: The verb in plain form, and
        form: as it stands there.
        at: Where the verb stands.
        object: What it is done to, without article.
        is_known: Whether that has an article or a possessor that says which it is.
        object_start, object_end: Where that stands.
        is_over: Whether it has been done, and is not only being done.
        is_change: Whether it makes one thing into another.
    """

    actor: str
    start: int
    end: int
    verb: str
    form: str
    at: int
    object: str
    is_known: bool
    object_start: int
    object_end: int
    is_over: bool
    is_change: bool

    def is_by(self, name: Name | None) -> bool:
        """Say whether somebody whom the premise names does it."""
        return name is not None and self.start < name.end and name.start < self.end

    def is_done_to(self, name: Name) -> bool:
        """Say whether it is done to somebody whom the premise names."""
        return self.object_start < name.end and name.start < self.object_end

    @property
    def is_harmful(self) -> bool:
        """Whether others would undo it, or face whoever does it."""
        if self.verb in _CHANGING:
            return self.is_change
        if self.verb in _CASUAL and not self.is_known:
            return False  # to break an egg is no harm
        if self.verb == "take" and (not self.is_over or is_vehicle(self.object)):
            return False  # to take the train is no theft
        return self.verb in UNDOING or self.form in _HARMFUL_FORMS


@lru_cache(maxsize=64)
def deeds_of(text: str) -> tuple[Deed, ...]:
    """Return what is done to something in a text in small letters, each with who or what does it."""
    tokens = tag(text)
    phrases = noun_phrases(tokens)
    by_first, by_last = ({getattr(phrase, side): phrase for phrase in phrases} for side in ("first", "last"))
    deeds: list[Deed] = []
    deed_end = 0
    for at, token in enumerate(tokens):
        target_at = at + 2 if at + 1 < len(tokens) and tokens[at + 1].word in _PARTICLES else at + 1
        target_at += target_at < len(tokens) and tokens[target_at].word in _ALL
        target = by_first.get(target_at)
        if token.tag not in "VIE" or target is None:
            continue
        subject_end, is_perfect = at - 1, False
        while subject_end >= 0 and (tokens[subject_end].tag == "R" or tokens[subject_end].word in _HAVING):
            is_perfect |= tokens[subject_end].tag != "R"
            subject_end -= 1
        if subject_end < 0:
            continue
        if tokens[subject_end].word == "and" and deeds and token.tag != "I":
            # a thief steals the crown; the queen laughs and opens the door
            between = tokens[deed_end:subject_end]
            if any(other.tag in "VX" or other.word in (".", "!", "?", ";", ":") for other in between):
                continue
            actor, start, end = deeds[-1].actor, deeds[-1].start, deeds[-1].end
        elif tokens[subject_end].word in _UNKNOWN:
            actor, start, end = "", tokens[subject_end].start, tokens[subject_end].end
        elif subject := _head(by_last.get(subject_end), tokens, by_last):
            actor, start, end = subject.text, tokens[subject.first].start, tokens[subject.last].end
        else:
            continue
        deed_end = target.last + 1
        deeds.append(
            Deed(
                actor=actor,
                start=start,
                end=end,
                verb=next(iter(lexicon().lemmas(token.word, "v")), token.word),
                form=token.word,
                at=token.start,
                # whose it is stays: the judge's tea
                object=f"{target.article.removeprefix('the ')} {target.text}" if "'" in target.article else target.text,
                is_known=target.article not in ("", "a", "an"),
                object_start=tokens[target.first].start,
                object_end=tokens[target.last].end,
                is_over=is_perfect or token.tag == "E",
                is_change=any(other.word == "into" for other in tokens[target.last + 1 : target.last + 2]),
            )
        )
    return tuple(deeds)


def goal_of_deeds(deeds: Sequence[Deed]) -> str:
    """Return what is to be done about the first of these deeds that others would undo; empty where there is none.

    What was stolen is got back, what was broken is mended; of what was poisoned or burned by somebody unknown one finds
    out who did it, and of a murder what happened.
    """
    goals = (allowed_goal(_answer_to(deed)) for deed in deeds)
    return next(filter(None, goals), "")


def _answer_to(deed: Deed) -> str:
    it, head = the(deed.object), deed.object.split()[-1]
    if head in HANGING | ARTICLES:
        return ""
    if deed.actor and deed.form in KILLED:
        return f"face {the(deed.actor)}"
    if not deed.actor and deed.form in KILLED | HARMED | word_set("goal", "done"):
        return inquiry(deed.form, it)
    if not deed.is_harmful:
        return ""
    verb = UNDOING.get(deed.verb) or ("mend" if deed.form in DAMAGED else "recover")
    if verb == "mend" and head in _SUBSTANCES:
        verb = "restore"  # nobody mends the power
    if deed.is_change and means_somebody(head):
        verb = "free"
    return f"{verb} {it}"


def inquiry(form: str, it: str) -> str:
    """Return the goal to find out about a deed, by the form of its verb and what it was done to, with an article."""
    return f"find out what happened to {it}" if form in KILLED else f"find out who {form} {it}"


def _head(phrase: NounPhrase | None, tokens: Sequence[Token], by_last: dict[int, NounPhrase]) -> NounPhrase | None:
    """Return what a noun phrase before a verb belongs to: the driver, of the driver of the last train.

    What a relative clause tells belongs to it too. None where nobody acts.
    """
    while phrase is not None and phrase.first and tokens[phrase.first - 1].tag in "PTVIE":
        before = phrase.first - 1
        if tokens[before].tag in "VIE":
            # the gravedigger who has told a joke climbs the stairs
            while before >= 0 and tokens[before].tag != "W" and tokens[before].word not in (".", ";", ":", "that"):
                before -= 1
        phrase = by_last.get(before - 1) or by_last.get(before - 2)
    return phrase
