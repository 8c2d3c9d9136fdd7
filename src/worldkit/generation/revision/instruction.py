"""Reading an instruction by a small grammar: what people write when they want a world changed.

This is what stands in for a capable model: a small one cannot be trusted with operations, but it need not be, for
most instructions are of a few kinds and can be read by their words. What is not understood is not guessed at:
the refusal says what was understood, and what is possible instead.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from worldkit.generation.engines.base import TaskRefused
from worldkit.generation.prose.moods import MOODS
from worldkit.generation.revision.grammar import (
    VERB,
    intent_of,
    known_request,
    mask_quotes,
    pattern,
    unmask_quotes,
    without_quotes,
)
from worldkit.generation.revision.intents import (
    AddPlace,
    AddWay,
    Intent,
    LayKey,
    Lock,
    Remove,
    Rename,
    Replace,
    Request,
    SetMood,
    SetText,
)
from worldkit.generation.revision.name_resolution import find_state
from worldkit.generation.revision.place_names import spoken_name
from worldkit.world import World

MAX_INSTRUCTION_CHARACTERS = 2_000
"""Characters of an instruction that are read."""


def read(instruction: str, world: World | None = None, model: str = "templates", last_thing: str = "") -> list[Intent]:
    """Return what an instruction asks for, in order.

    Args:
        instruction: One or several sentences, separated by semicolons, line breaks or full stops.
        world, model: What it is said of, and the name of the model that was asked for: a refusal tells them.
        last_thing: What was spoken of last, which "it" may mean; but "make it darker" is said of everything.

    Raises:
        Unclear: A sentence is of no known kind.
        WorldError: There is nothing to read, or too much.
    """
    if len(instruction) > MAX_INSTRUCTION_CHARACTERS:
        raise TaskRefused(
            f"the instruction has {len(instruction):,} characters; expected at most {MAX_INSTRUCTION_CHARACTERS:,}"
        )
    intents: list[Intent] = []
    for part in re.split(r"[;\n]+|[.!]+(?=\s|\Z)", mask_quotes(instruction)):
        antecedent = ""
        for sentence, intent in _intents(part):
            if intent is not None and (place := antecedent or ("" if isinstance(intent, SetMood) else last_thing)):
                intent = _with_antecedent(intent, place)
            if isinstance(intent, LayKey | Lock) and intents and (joined := _joined(intents[-1], intent)) is not None:
                intents[-1] = joined
                continue
            if intent is None or isinstance(intent, LayKey):
                raise Unclear(unmask_quotes(sentence), world, model)
            intents.append(intent)
            antecedent = last_thing = antecedent_of(intent)
    if not intents:
        raise TaskRefused('the instruction is empty; expected something to do, such as "make the ending colder"')
    return intents


_MASKED_QUOTE = r"""(?:"[^\s"]*"|(?<!\S)'\S*')"""
_LINK = re.compile(
    rf"(?P<quoted>{_MASKED_QUOTE})?(?P<link>,? +(?:and then|then|and) +|, *)(?P<verb>(?={VERB}))?", re.IGNORECASE
)
"""What parts two things, or two sentences, where a verb follows that begins an instruction."""
MAX_LINKS = 24
_ARTICLE = re.compile(r"\A(?:an?|the|another) ", re.IGNORECASE)


def _intents(part: str) -> list[tuple[str, Request | None]]:
    """Return the sentences of a part of an instruction, in which quoted text is masked, and what each asks for."""
    sentence = _bare(part)
    intent = intent_of(sentence)
    new_name = _new_name(intent)
    names = [new_name, *(getattr(intent, key, "") for key in ("near", "on", "to"))]
    # a quoted name is masked in the sentence
    is_one = intent is not None and not any(name in sentence and _LINK.search(name) for name in names)
    verb = sentence.partition(" ")[0]
    for match in [*_LINK.finditer(part)][:MAX_LINKS]:
        first, rest = _bare(part[: match.start("link")]), part[match.end() :]
        before = intent_of(first)
        # a text that is not quoted goes on
        if before is None or (isinstance(before, SetText) and before.text != without_quotes(match["quoted"] or "")):
            continue
        if match["verb"] is not None:
            return [(first, before), *_intents(rest)]
        for other in () if is_one else (rest, f"{verb} {rest}"):
            after = intent_of(_bare(other))
            if type(after) is type(before) and bool(_new_name(after)) == bool(_new_name(before)):
                return [(first, before), *_intents(other)]
    if not isinstance(intent, AddPlace | Lock) or new_name not in sentence:
        return [(sentence, intent)] if sentence else []
    key = "place" if isinstance(intent, AddPlace) else "key"
    changes: list[Any] = [{key: _ARTICLE.sub("", name)} for name in re.split(r",? and |, ", new_name)]
    return [(sentence, replace(intent, **change)) for change in changes]


def _new_name(intent: Request | None) -> str:
    """Return the name that an intent gives to something, which is not quoted."""
    match intent:
        case Rename(_, name) | AddPlace(name) | Lock(_, name) | AddWay(key=name):
            return name
    return ""


_PRONOUN = re.compile(r"(?:it|that|this)", re.IGNORECASE)


def antecedent_of(intent: Intent) -> str:
    """Return what "it" means in what is joined to an intent by "and"; empty where that is nothing."""
    match intent:
        case AddPlace(place):
            return place
        case Rename(_, name):
            return name
        case Remove() | AddWay() | Replace():
            return ""
    return intent.what


def _with_antecedent(intent: Request, antecedent: str) -> Request:
    """Return an intent that speaks of what the one before it named, where it says only "it"."""
    fields = [key for key in ("what", "near", "on", "start", "to") if _PRONOUN.fullmatch(getattr(intent, key, ""))]
    changes: Any = dict.fromkeys(fields, antecedent)
    return replace(intent, **changes)


def _joined(before: Intent, intent: LayKey | Lock) -> Intent | None:
    """Return an intent with where its key lies, or the lock of the way that it adds; None where neither is said."""
    if isinstance(intent, LayKey) and isinstance(before, Lock | AddWay):
        return replace(before, at=intent.what)
    if isinstance(intent, Lock) and isinstance(before, AddWay) and _PRONOUN.fullmatch(intent.what):
        return replace(before, way=f"locked {before.way}", key=intent.key, at=intent.at)
    return None


_COURTESY, _QUESTION, _WISH = map(pattern, ("{courtesy}", "{question}", "{wish}"))


def _bare(sentence: str) -> str:
    """Return a sentence without what links it to the one before, and without courtesies."""
    text = " ".join(sentence.split()).strip(" ,")
    # the end of a name or of a text that is given is its own
    gives_text = re.match(r"(?:\w+ )*?(?:set|change|rename|rewrite|replace|call|name)\b", text, re.IGNORECASE)
    courtesy = r",? (?:please|from now on)\Z" if gives_text else r",? (?:please|now|too|as well|from now on)\Z"
    text = re.sub(courtesy, "", text, flags=re.IGNORECASE)
    if _QUESTION.match(text):
        text = text.rstrip("? ")
    return _WISH.sub("add ", _COURTESY.sub("", text))


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
        message = f"{sentence!r} is not an instruction that {what} can follow; nothing was changed."
        if (understood := known_request(sentence)) is not None:
            request, groups = understood
            here, there, _ = _three_places(world)
            names = {"here": here, "there": there, "moods": ", ".join(MOODS), "mood": next(iter(MOODS)), **groups}
            message = f"{sentence!r} {request.asks.format_map(names)}; {what} cannot do that, and nothing was changed. "
            message += f"Instead, {request.instead.format_map(names)}."
        super().__init__(
            f"{message} It follows these, several of them separated by semicolons:\n{kinds}\n"
            'For any other, name a capable model, model="chat:<base url>#<model>", or edit by hand: wk.edit(world)'
        )


def examples(world: World | None) -> list[str]:
    """Return an instruction of each kind that the grammar reads, for a person, with the names of a world's places."""
    here, there, far = _three_places(world)
    moods = ", ".join(name for name in MOODS if name != "cold")
    has_ending = world is None or any(state.ending for state in world.states.values())
    ending = "ending" if has_ending else far
    has_two, has_three = here != there, there != far
    lines = [
        {f"rename the {here} to the old {here}": True},
        {f"make the {ending} colder (or {moods}); make everything darker": True},
        {f"add a cellar under the {here}": True, f"add a shed between the {here} and the {there}": has_two},
        {f"add a way from the {here} to the {far}": has_two, f"connect the {there} and the {far}": has_three},
        {f"lock the {there} with a brass key; unlock the {there}": has_two},
        {f"remove the {far}; start in the {there}": has_two},
        {'set the title of the ending to "Home"': has_ending, f'set the description of the {here} to "..."': True},
    ]
    possible_lines = ("; ".join(text for text, is_possible in line.items() if is_possible) for line in lines)
    return [line for line in possible_lines if line]


def _three_places(world: World | None) -> list[str]:
    """Return what three places are called, such that each is found by it; the one where play begins first."""
    if world is None or not world.states:
        return ["lane", "yard", "tower"]
    ids = sorted((id for id, state in world.states.items() if state.ending is None), key=lambda id: id != world.start)
    names = [_findable_name(world, id) for id in ids[:3] or world.states]
    return (names + names[-1:] * 2)[:3]


def _findable_name(world: World, id: str) -> str:
    words = spoken_name(world, id)
    try:
        return words if find_state(world, words) == id else id
    except TaskRefused:
        return id
