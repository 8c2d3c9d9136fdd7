"""The double of a capable model: answers the questions of ``generation.direct`` well, or wrong in a chosen way.

It is a double, since no capable model can be part of the tests. It speaks through the scripted server of ``server.py``,
over real sockets, so that everything between a question and a world is what users run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

Body = dict[str, Any]

PREMISE = "Two rival chefs are locked overnight in a department store."
BASIS: Body = {
    "title": "The Night Kitchen",
    "who": "the two rival chefs",
    "look": "Two rival chefs in white jackets, one tall and one broad, seen from behind.",
    "goal": "find the night key and leave the department store together",
    "stake": "the morning crowd finds them asleep among the pans",
    "logline": "Two rival chefs locked overnight in a department store must cook their way past the night guard.",
    "air": "Cold blue light from the street falls through tall shop windows.",
    "truth": "The guard locked both chefs in, since each had called the soup of the other his own.",
    "places": ["kitchenware hall", "food hall", "toy floor", "staff gate"],
    "others": ["a sleepy night guard", "a shop cat"],
    "things": ["a copper pan", "a night key", "a wheel of cheese"],
}
SIGHTS = ("a tower of kettles", "rows of knives", "a glass counter", "a melting ice swan", "a tin train", "a carousel",
          "a time clock", "an iron shutter", "a dawn street", "a bright window")  # fmt: skip


def kind_of(body: Body) -> str:
    """Return which of the questions a request asks."""
    properties = schema_of(body)["properties"]
    if "beats" in properties:
        return "beats"
    if "logline" in properties:
        return "basis"
    if "m1" in properties:
        return "words"
    if "title" in properties.get("w1", {}).get("properties", {}) and "p1" not in properties:
        return "objectives"
    return "plan" if "w1" in properties else "place"


def schema_of(body: Body) -> Body:
    """Return the schema that a request asks for."""
    schema: Body = body["response_format"]["json_schema"]["schema"]
    return schema


PEOPLE = ("Marta Weil", "Ilse Brandt", "Josef Karr", "priest", "boy", "Otto")
"""Who is in the chapters of ``texts.py``."""


def beats(body: Body) -> Body:
    """Return five beats of a chapter, evenly spread over its sentences, each with what happens in it."""
    count = schema_of(body)["properties"]["beats"]["items"]["properties"]["first"]["maximum"]
    text = " ".join(turn["content"] for turn in body["messages"] if turn["role"] == "user")
    people = [name for name in PEOPLE if name in text]
    beat_list = [
        {
            "first": 1 + count * number // 5,
            "what": f"Somebody carries the {WORDS[number]} through the door.",
            "where": f"{WORDS[number].removesuffix('s')} room",
            "who": people[: 1 + number % 2],
            "things": ["lamp", "grey coat"] if number % 2 else [],
        }
        for number in range(5)
    ]
    return {"beats": beat_list, "hero": people[0] if people and people[0] != "Josef Karr" else "", "stake": STAKE}


STAKE = "The door stays locked and everybody goes home in the rain."


def basis(body: Body) -> Body:
    """Return a basis of as many places as are asked for."""
    count = schema_of(body)["properties"]["places"]["minItems"]
    places = [*BASIS["places"], *(f"aisle of {word}" for word in WORDS)]
    return {**BASIS, "places": places[:count]}


WORDS = ("lamps", "carpets", "hats", "gloves", "mirrors", "clocks", "perfume", "shoes", "books", "records", "bicycles",
         "tents", "globes", "umbrellas", "pianos", "ferns")  # fmt: skip


def plan(body: Body) -> Body:
    """Return a plan that follows the suggested shape."""
    properties = schema_of(body)["properties"]
    question = next(turn["content"] for turn in reversed(body["messages"]) if "shape that holds" in turn["content"])
    shape = re.search(r"shape that holds: (.*)\.", question)
    assert shape is not None
    answer: Body = {}
    keys = [name for name in properties if re.fullmatch(r"k\d", name)]
    answer |= dict(
        zip(
            keys,
            ("a copper pan", "a night key", "a wheel of cheese", "a cat bell", "a tin whistle", "a brass weight"),
            strict=False,
        )
    )
    sights = iter([*SIGHTS, *(f"a stack of {word}" for word in WORDS), *(f"a crate of {word}" for word in WORDS)] * 3)
    for line in shape[1].split("; "):
        id, _, rest = line.partition(": ")
        if id in ("clock", "surprise"):
            continue
        moves = []
        for words_of_move in rest.split(", "):
            if match := re.fullmatch(r"take (k\d)", words_of_move):
                thing = answer[match[1]].replace("a ", "the ", 1)
                moves.append({"do": f"pick up {thing}", "to": "stay", "takes": match[1], "needs": []})
            elif match := re.fullmatch(r"to (\w+)(?: with (k\d(?: and k\d)?))?", words_of_move):
                needs = re.findall(r"k\d", match[2] or "")
                moves.append(
                    {"do": f"walk from {id} on to {match[1]}", "to": match[1], "takes": "none", "needs": needs}
                )
            else:
                moves.append({"do": f"ring the bell near {id}", "to": "stay", "takes": "none", "needs": []})
        answer[id] = {"see": [next(sights), next(sights)], "do": moves}
    for id in properties:
        if re.fullmatch(r"[wl]\d", id):
            answer[id] = {"name": f"street of {word(len(answer))}", "see": [next(sights)], "title": f"Morning {id}"}
    for name in ("clock", "surprise"):
        if name in properties:
            answer[name] = {"at": "p2", "what": f"the {name} over the door strikes", "seconds": 60}
    for part in answer.values():  # ids mean nothing in a world: words instead
        moves = part.get("do", ()) if isinstance(part, dict) else ()
        for move in moves:
            move["do"] = re.sub(
                r"\b([pwl])(\d+)\b", lambda match: word(int(match[2]) + 20 * "pwl".index(match[1])), move["do"]
            )
    return answer


def plan_in_form(body: Body) -> Body:
    """Return a plan in the form that is asked for, which says more of a key."""
    answer = plan(body)
    for id, part in answer.items():
        if isinstance(part, str):
            answer[id] = {"name": part, "detail": f"{WORDS[int(id[1:])]} are painted on it"}
    return {"learned": [], **answer}


def words_of_moves(body: Body) -> Body:
    """Return what is done in each move that was added to a plan, with the key that it needs."""
    question = body["messages"][-1]["content"]
    keys = dict(re.findall(r"(m\d+): at .*: the way with (.*) to ", question))
    return {
        name: f"{'use ' + keys[name] if name in keys else 'dance'} under {word(number)}"
        for number, name in enumerate(schema_of(body)["properties"])
    }


def objectives(body: Body) -> Body:
    """Return what the player is told of each step of each mission."""
    return {
        win: {name: f"Learn more of the {WORDS[number]}" for number, name in enumerate(form["properties"])}
        | {"title": f"The way of {WORDS[int(win[1:])]}"}
        for win, form in schema_of(body)["properties"].items()
    }


def word(number: int) -> str:
    """Return a word of its own for every number of a place."""
    return WORDS[number % len(WORDS)] + " and more" * (number // len(WORDS))


def place(body: Body) -> Body:
    """Return every text that is asked for, each with what it has to name."""
    question = next(turn["content"] for turn in reversed(body["messages"]) if turn["content"].startswith("Write "))
    place_name = re.search(r"Write \w+, (.*)\. Seen there", question)
    assert place_name is not None
    sights = question.partition("Seen there: ")[2].partition(".")[0]
    takes = dict(re.findall(r"(e\d+): .* \(gets (.*?)[;)]", question))
    needs = dict(re.findall(r"(e\d+): .* needs (.*)\)", question))
    acts = dict(re.findall(r"(e\d+): (.*) \(", question))

    def text(key: tuple[str, ...]) -> str:
        name = key[-1]
        if name == "base":
            if key[0] in takes:
                return f"One of the chefs reaches out and lifts {takes[key[0]]} high into the blue light."
            keys = f" {' and '.join(takes.values())} waits on a shelf.".capitalize() if takes and len(key) == 1 else ""
            if len(key) == 2 and key[0] in acts:
                return f"In blue light the chefs {acts[key[0]]} near {place_name[1]}."
            people = "".join(f" The {person} stands by." for person in re.findall(r"other [a-z]+", sights))
            return (
                f"Blue light lies over {place_name[1]} of the department store and on {words(key)} of it.{keys}{people}"
            )
        if name == "hint":
            return f"It is locked: it needs {needs[key[0]]}."
        if name in ("still", "pan", "camera"):
            return f"Close on {words(key[::-1])} and on {place_name[1]}."
        return f"The chefs see {words(key[::-1])} near {place_name[1]}."

    def words(key: tuple[str, ...]) -> str:
        return "the " + " ".join(re.sub(r"e(\d+)", lambda match: word(int(match[1])), part) for part in key)

    def fill(schema: Mapping[str, Any], key: tuple[str, ...]) -> Any:
        if schema["type"] == "object":
            return {name: fill(inner, (*key, name)) for name, inner in schema["properties"].items()}
        return text(key)

    answer: Body = fill(schema_of(body), ())
    return answer


ANSWERS: Mapping[str, Callable[[Body], Body]] = {
    "beats": beats,
    "basis": basis,
    "plan": plan_in_form,
    "words": words_of_moves,
    "objectives": objectives,
    "place": place,
}


def good(body: Body, number: int = 0) -> str:
    """Return a good answer to whatever is asked."""
    return json.dumps(ANSWERS[kind_of(body)](body))
