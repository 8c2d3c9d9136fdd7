"""Grammars whose every word is known: what follows a verb is a preposition and a phrase of words that belong.

A small model that may say any word says some that make no sense where they stand. Held to these it chooses among things
that do: which verb, where, and what is said of it. Articles agree because each phrase is spelt out. Left to itself it
would put everything under something, so only some of the ways a sentence may go on are open to each string.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from worldkit.generation.planning.nouns import SOFT_MAKES, Noun, SceneNouns
from worldkit.generation.text.data import WordList, read_data, read_typed
from worldkit.generation.text.english import capital


@dataclass(frozen=True, slots=True)
class Tail:
    """What may follow a verb: how it may go on, by the names of ``PLACE_PHRASES``, and what may come after that."""

    ways: tuple[str, ...]
    ends: tuple[str, ...]


_FILE = "tails.toml"
TAILS = {
    name: Tail(ways, read_typed(tuple[str, ...], _FILE, "ends", ends))
    for ends in read_data(_FILE, "tails")
    for name, ways in read_typed(dict[str, WordList], _FILE, "tails", ends).items()
}
"""The tails, by the names that ``sorts`` knows them by."""
FRONT_WAYS = frozenset(read_typed(WordList, _FILE, "front", "ways"))
"""The ways that a sentence may begin with."""
MAX_OPEN_WAYS = 2
"""Ways of a tail that are open to a string."""
PLACE_PHRASES = read_typed(dict[str, tuple[str, str]], _FILE, "places")
"""The prepositions that a phrase may begin with, and the role of its noun."""
MAKES = read_typed(dict[str, WordList], _FILE, "makes")
"""What the noun of a phrase is made of, where not every noun of its role will do."""
PACES = read_typed(tuple[str, ...], _FILE, "paces")
"""How something may be done on the way."""

Choices = Mapping[str, Iterable[str]]
_PART = re.compile(r'"(?:[^"\\]|\\.)*"|/[^/]*/|[A-Za-z_]+|\|')
_INNERMOST_GROUP = re.compile(r"\(([^()]*)\)")
_SLOT = re.compile(r"([^{}]*)(?:(\{front\} )?\{(\w+)\}(\{tail\})?(?=(.?)))?")
_RULE_NAME = re.compile(r"\b[A-Z]+(?:_FIRST)?\b")


def grammar(frame: str, choices: Choices, scene: SceneNouns, tail: str = "", seed: int = 0) -> str:
    """Return the grammar of a frame, as llguidance reads it.

    Args:
        frame: Text with slots in braces. ``{tail}`` is what follows the verb before it, and ``{front}`` the same where
            a sentence begins with it and the verb comes after; any other slot is one of ``choices``.
        choices: The words that may fill a slot, by its name; where they are a mapping, with the name of each one's
            tail, or an empty one where nothing follows. ``pace`` are the paces that a tail may offer.
        scene: The nouns.
        tail: The name of a tail that no verb of ``choices`` comes before.
        seed: Draws the ways that are open.
    """
    builder, start = _built(frame, choices, scene, tail, seed)
    return "\n".join([start, *builder.rules, *builder.phrases()]) + "\n"


def random_answer(
    frame: str, choices: Choices, scene: SceneNouns, dice: random.Random, tail: str = "", seed: int = 0
) -> str:
    """Return a text that the grammar of a frame allows, drawn without a model; see ``grammar``.

    Of the phrases, which take the longest to put together, only those that are said are.

    Example:
        >>> random_answer("A {thing} hums.", {"thing": ["lamp"]}, SceneNouns({}), random.Random(1))
        'A lamp hums.'
    """
    builder, start = _built(frame, choices, scene, tail, seed)
    bodies = dict(rule.split(": ", 1) for rule in (start, *builder.rules))
    return _random_text(lambda name: bodies.get(name) or builder.phrase(name), dice)


def _built(frame: str, choices: Choices, scene: SceneNouns, tail: str, seed: int) -> tuple[_RuleBuilder, str]:
    """Return what has collected the rules of a frame, and the rule that they begin with."""
    builder = _RuleBuilder(scene, choices.get("pace", PACES), random.Random(seed))
    parts = []
    for text, front, slot, follows, after in _SLOT.findall(frame):
        if text:
            parts.append(json.dumps(text))
        if slot == "tail":
            parts.append(builder.tail("first", tail, after == "."))
        elif slot:
            parts.append(slot)
            builder.slot(slot, choices[slot], bool(front), bool(follows), after == ".")
    return builder, f"start: {' '.join(parts)}"


def _random_text(body_of: Callable[[str], str], dice: random.Random) -> str:
    """Return a text that rules allow, of which each has a name."""

    def expand(body: str) -> str:
        alternatives = [list[str]()]
        for part in _PART.findall(body):
            if part == "|":
                alternatives.append([])
            else:
                alternatives[-1].append(part)
        return "".join(map(text_of, dice.choice(alternatives)))

    def text_of(part: str) -> str:
        if part[0] == '"':
            return str(json.loads(part))
        return _random_phrase(part[1:-1], dice) if part[0] == "/" else expand(body_of(part))

    return expand(body_of("start"))


def _random_phrase(pattern: str, dice: random.Random) -> str:
    """Return a text that a pattern of words with alternatives in parentheses matches."""
    while (group := _INNERMOST_GROUP.search(pattern)) is not None:
        pattern = pattern[: group.start()] + dice.choice(group[1].split("|")) + pattern[group.end() :]
    return pattern


class _RuleBuilder:
    """Collects the rules of a grammar, and the names of the phrases that they refer to."""

    def __init__(self, scene: SceneNouns, paces: Iterable[str], dice: random.Random) -> None:
        self.rules: list[str] = []
        self._phrases: dict[str, None] = {}
        self._scene, self._paces, self._dice = scene, paces, dice

    def slot(self, slot: str, words: Iterable[str], front: bool, follows: bool, last: bool) -> None:
        by_tail: dict[str, list[str]] = {}
        for word in words:
            name = words[word] if (front or follows) and isinstance(words, Mapping) else ""
            by_tail.setdefault(name, []).append(f" {word}" if front else word)
        # what can be said nowhere here is left out, where something else can
        by_tail = {name: each for name, each in by_tail.items() if not name or self._fitting_ways(name)} or by_tail
        ways = []
        for name, each in by_tail.items():
            head = f"{slot}_{name}".upper()
            self.rules.append(f"{head}: {' | '.join(map(json.dumps, each))}")
            if front:
                first_ways = [f"{way}_FIRST" for way in self._open(name, FRONT_WAYS)] or ['" There"']
                ways.append(f"{self._rule(f'front_{slot}_{name}', first_ways)} {head}")
            else:
                ways.append(f"{head} {self.tail(slot, name, last)}" if name else head)
        self.rules.append(f"{slot}: {' | '.join(ways)}")

    def tail(self, slot: str, name: str, last: bool) -> str:
        ways = self._open(name)
        end = self._dice.choice(TAILS[name].ends)
        if end == "TRACE" and not (last and self._scene.traces):
            end = ""
        # light in the light would be one too many
        alternatives = [
            f"{way} {end}" if end and PLACE_PHRASES.get(way, ("", "air"))[1] != "air" else way for way in ways
        ]
        return self._rule(f"tail_{slot}_{name}", alternatives or ['""'])

    def phrases(self) -> list[str]:
        return [f"{name}: {self.phrase(name)}" for name in self._phrases]

    def _rule(self, name: str, ways: Sequence[str]) -> str:
        self.rules.append(f"{name}: {' | '.join(ways)}")
        self._phrases |= dict.fromkeys(_RULE_NAME.findall(" ".join(ways)))
        return name

    def _fitting_ways(self, name: str) -> list[str]:
        return [way for way in dict.fromkeys(TAILS[name].ways) if way == "PACE" or self._fit(way)]

    def _open(self, name: str, ways: Iterable[str] = ()) -> list[str]:
        fitting_ways = [way for way in self._fitting_ways(name) if not ways or way in ways]
        random_ways = dict.fromkeys(self._dice.choice(TAILS[name].ways) for _ in range(MAX_OPEN_WAYS * 2))
        return [way for way in random_ways if way in fitting_ways][:MAX_OPEN_WAYS] or fitting_ways

    def phrase(self, name: str) -> str:
        """Return the body of the rule of a phrase."""
        if name == "PACE":
            return f"/ ({'|'.join(map(str.strip, self._paces))})/"
        if name == "TRACE":
            return f"/, ({'|'.join(self._scene.traces)})/"
        way, first, _ = name.partition("_FIRST")
        before = "|".join(capital(word) if first else word for word in PLACE_PHRASES[way][0].split("|"))
        nouns = []
        for noun in self._fit(way):
            for article, words in noun.named():
                # a list of whole phrases is several times as long, and takes as much longer to compile
                adjectives = "|".join(word and f"{word} " for word in words)
                nouns.append(f"{article} ({adjectives}){noun.thing.bare}".lstrip())
        return f"/ ({before}) ({'|'.join(nouns)})/"

    def _fit(self, name: str) -> list[Noun]:
        nouns = self._scene.nouns[PLACE_PHRASES[name][1]]
        if name in MAKES:
            return [noun for noun in nouns if noun.make in MAKES[name]]
        return [noun for noun in nouns if name != "ABOVE" or noun.make not in SOFT_MAKES]
