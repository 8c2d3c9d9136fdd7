"""What is to be done in a premise: verbs behind "must" or "wants to", else what its main clause does and what for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from worldkit.assessment.clauses import VerbAt
from worldkit.assessment.names import Name
from worldkit.language.lexicon import lexicon
from worldkit.language.tagging import Token
from worldkit.language.word_sets import word_set


def tasks_of(verbs: Sequence[VerbAt]) -> Iterator[VerbAt]:
    """Yield the verbs of what is to be done: what must be, else what the main clauses do and what for.

    That somebody arrives or refuses tells what happens; what is to be done is done to something.
    """
    tasks = [verb for verb in verbs if verb.kind == "order"]
    if not tasks:
        told_verbs = [verb for verb in verbs if verb.kind == "told"][:2]
        tasks = [verb for verb in verbs if verb in told_verbs or verb.kind == "purpose"]
    for task in tasks:
        is_light = task.kind == "told" or task.verb in word_set("light")
        if task.verb not in word_set("empty_verbs") and (task.object is not None or not is_light):
            yield task


def only_happens(task: VerbAt) -> bool:
    """Say whether a task only happens to somebody, and is nobody's: a goblin inherits a throne."""
    return task.kind == "told" and task.verb in word_set("happening")


def task_name(task: VerbAt, tokens: Sequence[Token]) -> Name:
    """Return a task as a name."""
    verb, target = task.verb, task.object
    senses = lexicon().senses(verb, "v")
    highest_frequency = max((sense.frequency for sense in senses), default=0)
    is_recovery = task.particle == "back" and verb in ("get", "win", "take")
    recovery_ids = {sense.id for sense in lexicon().senses("recover", "v")[:1]} if is_recovery else set()
    words = [verb, task.particle, *([target.article, target.text] if target else [])]
    end = tokens[task.at].end
    return Name(
        role="task",
        phrase=" ".join(word for word in words if word),
        lemma=verb,
        senses=frozenset(sense.id for sense in senses[:4] if sense.frequency * 5 >= highest_frequency) | recovery_ids,
        start=tokens[task.at].start,
        end=max(end, tokens[target.last].end) if target else end,
        object=target.text if target else "",
        is_chief=True,
        # what is told is done by somebody, and nobody says that it is wanted: two sisters keep lighthouses
        is_told=task.kind == "told",
    )
