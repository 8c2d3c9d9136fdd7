"""Reading an instruction by a small grammar: what people write when they want a world changed.

This is what stands in for a capable model: a small one cannot be trusted with operations, but it need not be, for
most instructions are of a few kinds and can be read by their words. What is not understood is not guessed at.
"""

from __future__ import annotations

import re

from worldkit.generation.engines.base import TaskRefused
from worldkit.generation.prose.moods import MOODS
from worldkit.generation.revision.grammar import intent_of
from worldkit.generation.revision.intents import Intent, SetText
from worldkit.generation.revision.name_resolution import find_state
from worldkit.generation.revision.place_names import spoken_name
from worldkit.generation.revision.quoted_text import AND_VERB, mask_quotes, unmask_quotes, without_quotes
from worldkit.world import World

LONGEST = 2_000
"""Characters of an instruction that are read."""


class BeyondGrammar(TaskRefused):
    """An instruction asks for what only a capable model can do."""


class Unclear(BeyondGrammar):
    """An instruction is of no kind that can be carried out without a capable model.

    Args:
        sentence: The part of it that is not understood.
        world: The world that it was said of, whose names the examples have.
        model: The name of the model that was asked for.
    """

    def __init__(self, sentence: str, world: World | None = None, model: str = "templates") -> None:
        self.sentence = sentence
        what = f'model="{model}"' if model == "templates" else f'model="{model}", a small model here,'
        kinds = "\n".join(f"  {each}" for each in examples(world))
        super().__init__(
            f"{sentence!r} is not an instruction that {what} can follow; nothing was changed. It follows these, "
            f"several of them separated by semicolons:\n{kinds}\n"
            'For any other, name a capable model, model="chat:<base url>#<model>", or edit by hand: wk.edit(world)'
        )


def examples(world: World | None) -> list[str]:
    """Return an instruction of each kind that the grammar reads, for a person, with the names of a world's places."""
    names = _place_names(world) if world is not None else []
    here, there, far = (names or ["lane", "yard", "tower"]) + names[-1:] * (3 - len(names))
    moods = ", ".join(name for name in MOODS if name != "cold")
    has_ending = world is None or any(state.ending for state in world.states.values())
    ending = "ending" if has_ending else far
    text = f'set the title of the ending to "Home"; set the description of the {here} to "..."'
    return [
        f"rename the {here} to the old {here}",
        f"make the {ending} colder (or {moods}); make everything darker",
        f"add a cellar under the {here}; add a shed between the {here} and the {there}",
        f"add a way from the {here} to the {far}; connect the {there} and the {far}",
        f"lock the {there} with a brass key; unlock the {there}",
        f"remove the {far}; start in the {there}",
        text if has_ending else text.partition("; ")[2],
    ]


def _place_names(world: World) -> list[str]:
    """Return what three places are called, such that each is found by it; the one where play begins first."""
    ids = sorted((id for id, state in world.states.items() if state.ending is None), key=lambda id: id != world.start)
    return [_findable_name(world, id) for id in ids[:3]]


def _findable_name(world: World, id: str) -> str:
    words = spoken_name(world, id)
    try:
        return words if find_state(world, words) == id else id
    except TaskRefused:
        return id


def read(instruction: str, world: World | None = None, model: str = "templates") -> list[Intent]:
    """Return what an instruction asks for, in order.

    Args:
        instruction: One or several sentences, separated by semicolons, line breaks or full stops.
        world, model: What it is said of, and the name of the model that was asked for: a refusal tells them.

    Raises:
        Unclear: A sentence is of no known kind.
        WorldError: There is nothing to read, or too much.
    """
    if len(instruction) > LONGEST:
        raise TaskRefused(f"the instruction has {len(instruction):,} characters; expected at most {LONGEST:,}")
    intents: list[Intent] = []
    for sentence in _sentences(instruction):
        if (intent := intent_of(sentence)) is None:
            raise Unclear(unmask_quotes(sentence), world, model)
        intents.append(intent)
    if not intents:
        raise TaskRefused('the instruction is empty; expected something to do, such as "make the ending colder"')
    return intents


_MASKED_QUOTE = r"""(?P<quoted>"[^\s"]*"|(?<!\S)'\S*')"""
_QUOTE_AND_LINK = re.compile(rf"{_MASKED_QUOTE}(?P<link>,? *{AND_VERB}(?!it\b)))?", re.IGNORECASE)
"""What parts a sentence behind quoted text. "It" there may be what was named last, and is not guessed at."""


def _sentences(instruction: str) -> list[str]:
    """Return the sentences of an instruction, with quoted text masked."""
    sentences: list[str] = []
    for part in re.split(r"[;\n]+|[.!]+(?=\s|\Z)", mask_quotes(instruction)):
        begin = 0
        for match in _QUOTE_AND_LINK.finditer(part):
            sentence = _bare(part[begin : match.end("quoted")])
            if match["link"] and _ends_with_whole(sentence, match["quoted"]):
                sentences.append(sentence)
                begin = match.end()
        sentences.append(_bare(part[begin:]))
    return [sentence for sentence in sentences if sentence]


def _bare(sentence: str) -> str:
    """Return a sentence without what links it to the one before, and without courtesies."""
    text = " ".join(sentence.split()).strip(" ,")
    # the end of a name or of a text that is given is its own
    gives_text = re.match(r"(?:\w+ )*?(?:set|change|rename|rewrite|replace|call|name)\b", text, re.IGNORECASE)
    courtesy = r",? please\Z" if gives_text else r",? (?:please|now|too|as well)\Z"
    text = re.sub(courtesy, "", text, flags=re.IGNORECASE)
    return re.sub(r"\A(?:(?:and|then|also|please|now|could you|can you)\b,? )+", "", text, flags=re.IGNORECASE)


def _ends_with_whole(sentence: str, quoted: str) -> bool:
    """Say whether the quoted text at the end of a sentence is a whole name or value in it, not a part of one."""
    intent = intent_of(sentence)
    # only a text can go on behind a quote
    return intent is not None and (not isinstance(intent, SetText) or intent.text == without_quotes(quoted))
