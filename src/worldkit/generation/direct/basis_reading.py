"""Reads the basis that a model gave of a world, and takes from the premise what it leaves out or gets wrong.

The names of its places are all different, for a chapter one for each part in order; spare ones fill up.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import chain, count, zip_longest
from typing import Any

from worldkit.assessment.names import Name
from worldkit.assessment.premise import read_premise
from worldkit.generation.direct.basis import (
    LENGTHS,
    MAX_FACT_CHARACTERS,
    MAX_PHRASE_CHARACTERS,
    MAX_PREMISE_CHARACTERS,
    MAX_READ_ITEMS,
    SECRET_ROW,
    Basis,
    chief_names,
    chief_place,
    main_task,
    most_items,
    names_in,
    own_goal,
    own_logline,
    own_look,
    own_who,
    text_problem,
    title_of,
    with_capitals,
    with_number,
)
from worldkit.generation.direct.chapter_text import ChapterText
from worldkit.generation.direct.forbidden import allowed_name, forbidden_words, without_idle_negations
from worldkit.generation.direct.naming import is_somebody, mentions, points_to
from worldkit.generation.direct.person import verb_phrase
from worldkit.generation.direct.schema import as_list, as_object, texts_in
from worldkit.generation.direct.wording import (
    ARTICLE,
    bare,
    is_many,
    phrase,
    place_name,
    plain,
    sentence,
    shorten,
)
from worldkit.generation.text.constraints import shares_row
from worldkit.generation.text.english import capital, listing
from worldkit.generation.text.word_sets import word_map

LATER_PHRASES = ("at a later hour", "at a much later hour")
"""What tells a place from the same place before."""
MAX_NAME_CHARACTERS, MAX_NAME_WORDS = 40, 6
_PARTS = tuple(word_map("direct", "parts").values())
"""What every place has."""


def read(data: Any, premise: str, places: int, chapter: ChapterText | None = None) -> tuple[Basis, list[str]]:
    """Return a whole basis of an answer, which may be anything, completed from the premise, and what is wrong with it.

    Whom a strong model calls the hero is that, whatever the premise is read to say.
    """
    body = as_object(data)
    most_others, most_facts = most_items(places)
    premise_names = read_premise(premise)
    refusals: list[str] = []
    names = names_in(body, premise) | (chapter.names if chapter else frozenset())

    def text(name: str, form: str, otherwise: str) -> str:
        least, most = LENGTHS[name]
        # a sentence that is too long loses its end; what is to be done would lose its sense
        is_phrase = name in ("who", "goal", "stake")
        value = body.get(name)
        value = phrase(value, MAX_PREMISE_CHARACTERS, names) if is_phrase else shorten(sentence(value), most)
        if is_seen := name in ("who", "look", "air", "goal"):
            value = without_idle_negations(value)
        # the hero may be named where one stays, and there the rules forbid words of killing
        if problem := text_problem(value, least, most, is_seen=is_seen, may_kill=name != "who"):
            refusals.append(f"{name}: {problem}; expected {form}")
            return (_usable_part(value, most) if name in ("who", "look") else "") or otherwise
        return value

    where = chief_place(premise_names)
    chapter_places = chapter.places if chapter else ()
    own_places, missing_count = place_names(body.get("places"), names, places, where, chapter_places)
    kind, which = ("", "one for each part in order") if chapter else ("different ", "such as 'yard behind the mill'")
    default_who = chapter.hero if chapter else allowed_name(own_who(premise_names)) or "the traveller"
    who = text("who", "the hero in two or three words", default_who)
    truth = shorten(sentence(body.get("truth")), LENGTHS["truth"][1])
    facts = _facts(body.get("facts"), most_facts, truth, chapter, refusals)
    if who[:1].isupper():  # what a named hero is, is a fact: Mara, a night nurse
        name, _, role = who.partition(", ")
        if ARTICLE.match(role):
            facts = (f"{name} {'are' if is_many(name) else 'is'} {role}.", *facts)
        who = who if " and " in role else name  # Mara, Odo and Ilse
    default_goal = chapter.goal if chapter else own_goal(premise_names, where)
    expected_goal = f"what is to be done, begun with a verb, such as {default_goal!r}"
    model_goal = text("goal", expected_goal, default_goal)
    goal = verb_phrase(model_goal, who)
    if not goal:
        refusals.append(f"goal: {model_goal!r} is nothing to do; expected {expected_goal}")
        goal = default_goal
    default_look = chapter.look if chapter else own_look(who)
    default_stake = chapter.stake.rstrip(".") if chapter and chapter.stake else "the chance is lost"
    default_logline = f"{capital(who)} has to {goal}." if chapter else own_logline(premise, who, goal, where)
    default_air = chapter.air if chapter else "Low, even light, long soft shadows."
    if missing_count:
        refusals.append(f"places: expected {places} {kind}places of one to five words each, {which}")
    basis = Basis(
        premise=premise,
        title=title_of(body.get("title"), premise_names, where),
        who=who if who.lower().startswith(("the ", "two ", "three ")) or who[:1].isupper() else f"the {bare(who)}",
        look=text("look", f"one visual sentence of at most {LENGTHS['look'][1]} characters", default_look),
        goal=goal,
        stake=text("stake", "what happens otherwise", default_stake),
        logline=text("logline", "the story in one sentence", default_logline),
        air=text("air", f"one sentence of light and air, at most {LENGTHS['air'][1]} characters", default_air),
        places=own_places,
        truth=truth,
        others=_phrases(body.get("others"), names)[:most_others],
        facts=facts,
        things=_phrases(body.get("things"), names)[:4]
        or tuple(thing for name in premise_names.what[:3] if (thing := allowed_name(with_number(name, premise)))),
        chapter=chapter,
    )
    task = main_task(premise_names)
    # a premise that only tells of it leaves the goal open, as long as it has a word of the premise
    is_open = task is not None and task.is_told and points_to(goal, premise[:MAX_PREMISE_CHARACTERS])
    if task and task.object and not is_open and not mentions(goal, task.object):
        refusals.append(f"goal: the premise wants this done: {task.phrase!r}")
    # what the model itself names, before anything of it is replaced
    model_texts = " ".join(plain(text) for text in texts_in(body))
    missing_names = [name for name in chief_names(premise_names) if not points_to(model_texts, name.phrase)]
    refusals += [f"the premise names {name.phrase!r} and this basis does not: put it in" for name in missing_names]
    return _with_names(basis, missing_names, most_others + 1), refusals


def _usable_part(text: str, longest: int) -> str:
    """Return the clauses of a text that a picture may show, as many as fit."""
    clauses = [clause for clause in re.split(r"(?<=[,;]) | (?=with |without )", text) if not forbidden_words(clause)]
    part = shorten(" ".join(clauses), longest).rstrip(" ,;")
    return sentence(part) if text.endswith(".") else part.rstrip(".")


def _phrases(value: Any, names: Collection[str]) -> tuple[str, ...]:
    phrases_by_noun: dict[str, str] = {}
    for item in as_list(value)[:MAX_READ_ITEMS]:
        text = without_idle_negations(phrase(item, MAX_PHRASE_CHARACTERS, names))
        if text and not forbidden_words(text):
            phrases_by_noun.setdefault(bare(text).lower(), text)
    return tuple(phrases_by_noun.values())


def _facts(value: Any, most: int, truth: str, chapter: ChapterText | None, refusals: list[str]) -> tuple[str, ...]:
    """Return the facts that give nothing of the truth away, and name nobody who is not in the chapter."""
    texts = [shorten(sentence(item), MAX_FACT_CHARACTERS) for item in as_list(value)[:MAX_READ_ITEMS]]
    facts = list(dict.fromkeys(filter(None, texts)))[:most]
    telling_facts = [fact for fact in facts if shares_row(fact, truth, SECRET_ROW)]
    refusals += [f"facts: {shorten(fact, 80)!r} gives away what truth says" for fact in telling_facts]
    facts = [fact for fact in facts if fact not in telling_facts]
    strange_names = {fact: names for fact in facts if chapter and (names := chapter.strange_names(fact))}
    for fact, names in strange_names.items():
        refusals.append(f"facts: {shorten(fact, 80)!r}, and the chapter has no {listing([*map(repr, names)])}")
    return tuple(fact for fact in facts if fact not in strange_names)


def _with_names(basis: Basis, names: Sequence[Name], most_others: int) -> Basis:
    """Return a basis that holds the names it lacks: people among the others, things among the things."""
    for name in names:
        phrase_of_name = allowed_name(with_number(name, basis.premise))
        new_phrases = () if phrase_of_name in ("", *basis.things) else (phrase_of_name,)
        if name.role == "who":
            basis = replace(basis, others=(*new_phrases, *basis.others)[:most_others])
        elif name.role == "what":
            basis = replace(basis, things=(*new_phrases, *basis.things)[:5])
        elif (place := allowed_name(with_capitals(bare(name.phrase), basis.premise))) and not mentions(
            basis.places[0], place
        ):
            inside = f"{basis.places[0]} of the {place}"
            basis = replace(basis, places=(inside if len(inside) <= 60 else place, *basis.places[1:]))
    return basis


def place_names(
    value: Any, names: Collection[str], number: int, where: str, chapter_places: Sequence[str] = ()
) -> tuple[tuple[str, ...], int]:
    """Return so many different names, and how many a model did not give; parts of ``where`` fill up.

    Where a model gives none for a part of a chapter, the chapter does; what comes again is told from it by its hour.
    """
    model_names = [_name(item, names) for item in as_list(value)[: number if chapter_places else 4 * number]]
    if not chapter_places:
        model_names = list({name.lower(): name for name in model_names if name}.values())[:number]
    model_names += [""] * (number - len(model_names))
    spares = (f"{part} of {where}{f' {turn}' if turn > 1 else ''}" for turn in count(1) for part in _PARTS)
    all_names: list[str] = []
    for model_name, chapter_place in zip_longest(model_names, chapter_places, fillvalue=""):
        name = model_name or ("" if forbidden_words(chapter_place) else chapter_place)
        later_names = (name, *(f"{name} {later}" for later in LATER_PHRASES)) if name else ()
        used_nouns = {bare(other).lower() for other in all_names}
        all_names.append(next(new for new in chain(later_names, spares) if bare(new).lower() not in used_nouns))
    return tuple(all_names), model_names.count("")


def _name(value: Any, names: Collection[str]) -> str:
    name = place_name(phrase(value, MAX_NAME_CHARACTERS, names))
    return "" if not name or len(name.split()) > MAX_NAME_WORDS or forbidden_words(name) or is_somebody(name) else name
