"""The things that the prose of a state names, and what they mean in the set it plays in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from worldkit.illustration import lexicon
from worldkit.illustration.word_tables import tables

INDOOR_SETS = frozenset(tables()["indoors"]["sets"].split(", "))
"""Sets that have walls around."""


@dataclass(frozen=True, slots=True)
class ThingMention:
    """A thing that the prose names.

    Attributes:
        thing: What is drawn.
        score: How much the picture is about it.
        is_many: Whether there are several.
        distance: ``"far"``, ``"near"`` or empty.
        side: ``"left"``, ``"right"``, ``"middle"`` or empty.
        colour: The name of its colour, or empty.
        count: How many there are where the prose says so in words, else 0.
        is_toy: Whether it is a small copy of the thing, such as a toy train.
    """

    thing: str
    score: float
    is_many: bool = False
    distance: str = ""
    side: str = ""
    colour: str = ""
    is_toy: bool = False
    count: int = 0


def _weight(thing: str) -> float:
    """Return how much more, or less, a thing draws the eye than others."""
    return float(tables()["weights"].get(thing, 0))


def mentions_in(
    prose: lexicon.TextWords, place: lexicon.TextWords, player: frozenset[tuple[str, ...]]
) -> tuple[ThingMention, ...]:
    """Return the things that a text and the name of its place name, those first that the picture is most about.

    Args:
        place: The name of the place.
        player: What the text calls the player, who is no thing.
    """
    place_things = {
        match.name
        for match in lexicon.matches(place, "things")
        if match.name not in _HUMANS
        or match.index + match.length == len(place.words)  # a keeper's cottage is a cottage
    } - {"nothing"}
    colours = {match.index: match.name for match in lexicon.matches(prose, "colours")}
    many = {match.index for match in lexicon.matches(prose, "cues") if match.name == "many"}
    best: dict[str, ThingMention] = {}
    thing_matches = [match for match in lexicon.matches(prose, "things") if match.name != "nothing"]
    starts = {match.index for match in thing_matches}
    # "oak doors" are doors, and a "railway hotel" is a hotel
    nouns = [match for match in thing_matches if match.index + match.length not in starts]
    denied_things = {match.name for match in lexicon.matches(lexicon.TextWords(prose.denied_words), "things")}
    visible_nouns = [
        match
        for match in nouns
        if prose.words[match.index : match.index + match.length] not in player
        and not (match.name in _HUMANS and match.index + match.length - 1 in prose.owners)
        and not (match.name in denied_things and _is_negated(prose, match))
    ]
    for order, match in enumerate(visible_nouns):
        score = 10 - 0.7 * order + _weight(match.name) + 4 * (match.name in place_things)
        before = range(max(0, match.index - 4), match.index)
        own_colour = next((colours[position] for position in reversed(before[-2:]) if position in colours), "")
        if match.name in PEOPLE:
            own_colour = _colour_of_clothes(prose, match, colours) or own_colour
        mention = ThingMention(
            match.name,
            score - 2 * (prose.distance(match.index) == "far"),
            match.is_plural or any(position in many for position in before),
            prose.distance(match.index),
            prose.side(match.index),
            own_colour,
            any(prose.words[position] in _SMALL_COPIES for position in before[-2:]),
            _count(prose, before) if match.is_plural else 0,
        )
        if match.name not in best:
            best[match.name] = mention
        elif mention.is_many and not best[match.name].is_many:  # the stalls of a market
            best[match.name] = replace(best[match.name], is_many=True)
    for name in sorted(place_things - best.keys()):  # a set has another order in every process
        best[name] = ThingMention(name, 9.0 + min(0.0, _weight(name)))
    return tuple(sorted(best.values(), key=lambda mention: -mention.score))


PEOPLE = frozenset({"person", "child", "elder", "robed"})
"""Things that wear clothes."""
_HUMANS = PEOPLE | {"guard", "crowd"}
_WEARING_WORDS = frozenset({"in", "wearing", "wears"})
_REACH_OF_CLOTHES = 8


def _colour_of_clothes(prose: lexicon.TextWords, match: lexicon.Match, colours: dict[int, str]) -> str:
    """Return the colour of what somebody wears, as in "a huge man in a threadbare scarlet tailcoat"; or nothing."""
    start = match.index + match.length
    for at, word in enumerate(prose.words[start : start + _REACH_OF_CLOTHES], start):
        if word in ".;:!?":
            break
        if word in _WEARING_WORDS:
            return next((colours[place] for place in range(at + 1, at + 5) if place in colours), "")
    return ""


_NUMBER_WORDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBERS = {word: number for number, word in enumerate(_NUMBER_WORDS, 2)}
_COUNT_BREAKS = frozenset(".,;:!?()") | {"and", "or", "with", "of"}


def _count(prose: lexicon.TextWords, before: range) -> int:
    """Return the number that stands before a plural, as in "two tall guards"; 0 without one."""
    for position in reversed(before):
        word = prose.words[position]
        if word in _NUMBERS:
            return _NUMBERS[word]
        if word in _COUNT_BREAKS:
            return 0
    return 0


_SMALL_COPIES = frozenset({"miniature", "model", "toy"})


def _is_negated(prose: lexicon.TextWords, match: lexicon.Match) -> bool:
    """Return whether a thing is said not to do something, as in "the elephant is not standing by the window"."""
    end = match.index + match.length
    return prose.words[end : end + 1] in (("is",), ("are",), ("was",), ("were",)) and prose.words[
        end + 1 : end + 2
    ] == ("-",)


_TREE_TRUNK_SETS = frozenset({"forest", "garden", "field", "swamp", "river"})
"""Where a trunk is a tree's."""


_OWN_SHIP = frozenset({"ship", "cottage", "house"})
"""What prose on a deck calls the ship itself, and its cabin."""


_OWN_BRIDGE = frozenset({"bridge", "ship", "spaceship"})
"""What prose on the bridge of a ship calls the bridge and the ship."""


_NO_PLACE = lexicon.TextWords(())


_OWN_TRAIN_THINGS = frozenset({"train", "car", "cart"})
"""What prose in a train calls its own carriages."""


_ENTERABLE_THINGS = frozenset({"boat", "bus", "car", "cart", "tent", "train"})
"""What one may be in: then it is the place itself."""


def in_place(
    mentions: tuple[ThingMention, ...], set_name: str, place: lexicon.TextWords = _NO_PLACE
) -> tuple[ThingMention, ...]:
    """Return the mentions as they are meant in a set: in a wood, trunks are no luggage.

    Args:
        mentions: What the prose names.
        place: The name of the place.
    """
    if set_name in INDOOR_SETS:
        own_names = {match.name for match in lexicon.matches(place, "things")} & _ENTERABLE_THINGS
        own_names |= {"curtain"} if set_name == "theatre" else set()
        if {"fireplace", "stove"}.intersection(mention.thing for mention in mentions):
            own_names |= {"fire"}  # it burns in there
        mentions = tuple(mention for mention in mentions if mention.thing not in own_names)
    if set_name == "deck":  # the ship that one stands on, and its cabin, are not seen from outside
        return tuple(mention for mention in mentions if mention.thing not in _OWN_SHIP or mention.distance == "far")
    if set_name in ("train", "trainroof"):  # what stands on the rails is the place itself, as are the poles beside them
        own = _OWN_TRAIN_THINGS | ({"pole", "rail"} if set_name == "trainroof" else set())
        return tuple(mention for mention in mentions if mention.thing not in own or mention.distance == "far")
    if set_name == "bridgeship":
        return tuple(mention for mention in mentions if mention.thing not in _OWN_BRIDGE or mention.distance == "far")
    if any(mention.thing == "rockinghorse" for mention in mentions):
        mentions = tuple(mention for mention in mentions if mention.thing != "horse")
    mentions = tuple(_in_street(mention, set_name) for mention in mentions)
    if set_name != "cave":  # elsewhere it is a part of the wall, the window or the rocks
        mentions = tuple(mention for mention in mentions if mention.thing != "ledge")
    if set_name not in _TREE_TRUNK_SETS or all(mention.thing != "trunk" for mention in mentions):
        return mentions
    has_tree = any(mention.thing in ("tree", "pine", "bare") for mention in mentions)
    rest = tuple(mention for mention in mentions if mention.thing != "trunk")
    return rest if has_tree else tuple(replace(one, thing="tree") if one.thing == "trunk" else one for one in mentions)


_SHOP_SETS = frozenset({"street", "square", "alley", "city"})
"""Where several signs are those of shops, and a shop's sign has a wall to hang on."""


def _in_street(mention: ThingMention, set_name: str) -> ThingMention:
    """Return a sign as it is meant in a set."""
    if mention.thing == "sign" and mention.is_many and set_name in _SHOP_SETS:
        return replace(mention, thing="shopsign")
    if mention.thing == "shopsign" and set_name not in _SHOP_SETS | INDOOR_SETS:
        return replace(mention, thing="sign")
    return mention
