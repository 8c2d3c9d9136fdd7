"""What a thing in a picture is called where it is looked for or clicked: each thing by one name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain

from worldkit.generation.direct.naming import label, mentions, thing_seen
from worldkit.language.phrases import noun_phrases
from worldkit.language.tagging import tag


def label_named(do: str, sights: Sequence[str]) -> str:
    """Return the label of what is seen that the words of a deed name; empty where they name nothing of it.

    What stands on or in a thing has a label of its own: the open strongbox.
    """
    labels = ((thing_seen(sight) or label(sight), sight) for sight in sights)
    own_labels = (thing for thing, sight in labels if mentions(do, thing) or names_somebody(do, sight))
    part_labels = (part for sight in sights for part in _parts(sight) if mentions(do, part))
    return next(chain(own_labels, part_labels), "")


def names_somebody(do: str, sight: str) -> bool:
    """Say whether what is done names somebody who is seen: talk to Tam names Tam roped to a post."""
    return any(word in re.findall(r"\w+", do) for word in re.findall(r"\b[A-Z]\w+", sight))


def _parts(sight: str) -> Iterable[str]:
    tokens = tag(sight)
    for phrase in noun_phrases(tokens):
        yield label(sight[tokens[phrase.first].start : tokens[phrase.last].end])
