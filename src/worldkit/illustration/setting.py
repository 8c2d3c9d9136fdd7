"""Which set the prose of a state plays in: its words, the name of its place, its things and its world weigh it."""

from __future__ import annotations

from dataclasses import replace

from worldkit.core.document import Document
from worldkit.illustration import lexicon
from worldkit.illustration.mentions import INDOOR_SETS, ThingMention
from worldkit.illustration.word_tables import tables

_CARRIAGE_WORDS = {"car": "railcar", "cars": "railcars", "van": "railcar", "carriage": "railcar", "coach": "railcar"}
"""What the words of a story on a train mean where they stand alone."""


def is_on_rails(document: Document) -> bool:
    """Return whether a world plays on a train, where a car is none of a street."""
    about = lexicon.read(f"{document.name or ''}. {document.description or ''}")
    return any(match.name in ("train", "station") for match in lexicon.matches(about, "sets")) or any(
        match.name == "train" for match in lexicon.matches(about, "things")
    )


def with_carriages(text: lexicon.TextWords) -> lexicon.TextWords:
    """Return a text in which a car that is named by one word is a railcar, as "the third car" of a train is."""
    known_words = {
        index
        for section in ("things", "sets")
        for match in lexicon.matches(text, section)
        if match.length > 1
        for index in range(match.index, match.index + match.length)
    }
    words = tuple(
        word if index in known_words else _CARRIAGE_WORDS.get(word, word) for index, word in enumerate(text.words)
    )
    return replace(text, words=words)


def is_at_sea(document: Document) -> bool:
    """Return whether a world plays on a ship, where a cabin is no hut."""
    about = lexicon.read(". ".join(text for text in (document.name, document.description, document.subject) if text))
    return any(match.name in ("sea", "deck") for match in lexicon.matches(about, "sets")) or any(
        match.name in ("ship", "steamer", "sailboat") for match in lexicon.matches(about, "things")
    )


def is_in_space(document: Document) -> bool:
    """Return whether a world plays among the stars, where a deck and a hold are those of no ship at sea."""
    about = lexicon.read(". ".join(text for text in (document.name, document.description) if text))
    return any(match.name in ("space", "bridgeship") for match in lexicon.matches(about, "sets")) or any(
        match.name in ("spaceship", "rocket") for match in lexicon.matches(about, "things")
    )


def _world_sets(document: Document) -> tuple[str, ...]:
    """Return the sets that a world as a whole suggests, for states that name none: two, and two by its style."""
    about = lexicon.read(f"{document.name or ''}. {document.description or ''}")
    style = lexicon.read(document.style_tail or "")
    texts = [[match.name for match in lexicon.matches(text, "sets")] for text in (about, style)]
    return tuple(name for names in texts for name in tuple(dict.fromkeys(names))[:2])


_BEGINNING_WORDS = 6
"""So many words are the beginning of a text."""


_PREPOSITIONS = frozenset({"of", "in", "at", "by", "under", "near", "behind", "above", "below", "beside", "on", "to"})


def _head(place: lexicon.TextWords) -> int:
    """Return where the part of a name ends that says what it is: in "gate of the mill", after the gate."""
    return next((index for index, word in enumerate(place.words) if index and word in _PREPOSITIONS), len(place.words))


_TRAINS = frozenset(
    {"train", "trains", "carriage", "carriages", "railcar", "railcars", "wagon", "wagons", "coach", "coaches", "tram"}
)
_ROOFS = frozenset({"roof", "roofs", "rooftop", "rooftops"})
_MAX_WORDS_BEFORE_TRAIN = 5
"""So many words of a noun's own may stand between "roof of" and the train."""
_RAILWAY_PLACE_WORDS = frozenset(
    {"depot", "drive", "house", "line", "road", "shed", "station", "stop", "track", "tracks", "yard"}
)
"""What a train lends its name to and is none: "a train station", "the wagon road"."""

_ARTICLES = frozenset({"a", "an", "the"})


def _is_on_a_train(text: lexicon.TextWords) -> bool:
    """Return whether a text is about the roof of a train: "a carriage roof", "the roof of a moving night train"."""
    words = text.words
    for index, word in enumerate(words):
        if word in _ROOFS and index and words[index - 1] in _TRAINS:
            return True
        is_of_something = word in {*_ROOFS, "top"} and words[index + 1 : index + 2] == ("of",)
        if is_of_something and not text.is_elsewhere(index):
            part = replace(text, words=words[index : index + 2 + _MAX_WORDS_BEFORE_TRAIN])
            if _begins_with_a_train(part.clause(0)[2:]):
                return True
    return False


def _begins_with_a_train(words: tuple[str, ...]) -> bool:
    """Return whether the first noun is a train: that of "a moving night train", not that of "the train station"."""
    for index, word in enumerate(words):
        if word in _TRAINS:
            return not _RAILWAY_PLACE_WORDS.intersection(words[index + 1 : index + 2])
        if word in _PREPOSITIONS or (index and word in _ARTICLES):
            return False
    return False


_UNDER_ROOF_PREPOSITIONS = frozenset({"beneath", "from", "in", "through", "to", "under"})


def _is_overhead(text: lexicon.TextWords, match: lexicon.Match) -> bool:
    """Return whether a roof is over one's head, as one that water drips from or that has a hole in it."""
    before = [word for word in text.words[max(0, match.index - 2) : match.index] if word not in _ARTICLES]
    return text.words[match.index] in _ROOFS and bool(before) and before[-1] in _UNDER_ROOF_PREPOSITIONS


_OTHER_STATION_SETS = frozenset({"bridgeship", "moon", "space", "underwater"})
"""Sets in which a station is none of a railway."""


_DWELLINGS = frozenset({"cottage", "house", "shed", "tent"})
_FURNITURE = frozenset(
    {
        "armchair",
        "bed",
        "bookshelf",
        "chair",
        "cupboard",
        "desk",
        "drawers",
        "fireplace",
        "shelf",
        "sofa",
        "stove",
        "table",
    }
)


def _is_in_a_dwelling(
    prose: lexicon.TextWords, place: lexicon.TextWords, mentions: tuple[ThingMention, ...], cues: frozenset[str]
) -> bool:
    """Return whether a place is called a hut or a house and its prose tells of what is in it."""
    head = _head(place)
    is_dwelling = any(
        match.name in _DWELLINGS and match.index + match.length == head for match in lexicon.matches(place, "things")
    )
    has_floor = "floor" in prose.words
    return is_dwelling and (has_floor or "inside" in cues or any(mention.thing in _FURNITURE for mention in mentions))


_ROOF_SETS = frozenset({"rooftop", "train", "station", "road", "field"})


def set_of(
    prose: lexicon.TextWords,
    place: lexicon.TextWords,
    mentions: tuple[ThingMention, ...],
    cues: frozenset[str],
    document: Document,
) -> str:
    """Return the set of a state.

    Args:
        place: The name of its place.
        mentions: The things that the text names.
        cues: What the text says of inside and outside.
        document: Its world, which weighs where the text says little.
    """
    weights: dict[str, float] = {}

    def add(name: str, weight: float) -> None:
        weights[name] = weights.get(name, 0.0) + weight

    # the last word of a name says what it is: a farm kitchen is a kitchen
    head = _head(place)
    for match in lexicon.matches(place, "sets"):
        add(match.name, 2.0 + 0.6 * match.length + (1.5 if match.index + match.length == head else 0.0))
    places = list(lexicon.matches(prose, "sets"))
    starts = {match.index for match in places}
    for order, match in enumerate(places):
        share = 0.4 if prose.is_elsewhere(match.index) else 1.0
        if match.index + match.length in starts or _is_overhead(prose, match):
            share = 0.4  # a "sea cave" is a cave
        bonus = 0.5 if not order and match.index <= _BEGINNING_WORDS else 0.0  # most texts begin with where they play
        add(match.name, share * (bonus + 0.5 * match.length + max(0.6, 2.2 - 0.5 * order - match.index / 60)))
    if _is_in_a_dwelling(prose, place, mentions, cues):
        add("room", 2.5)
    set_by_thing = tables()["implied"]
    for mention in mentions[:6]:
        if mention.thing in set_by_thing and not mention.is_toy:
            add(set_by_thing[mention.thing], 0.5)
    for name in _world_sets(document):
        add(name, 0.45)
    if "station" in weights and (
        elsewhere := _OTHER_STATION_SETS.intersection(weights)
    ):  # no trains call at a space station
        weights[min(elsewhere)] += weights.pop("station")
    thing_names = {mention.thing for mention in mentions}
    if "cave" in weights and "ledge" in thing_names:  # a ledge is one of its walls, and no mountain's
        weights["cave"] += weights.pop("mountain", 0.0)
    if "deck" in weights:  # the sea is around it
        weights["deck"] += weights.pop("sea", 0.0)
    for name in weights:
        if ("inside" if name in INDOOR_SETS else "outside") in cues:
            weights[name] += 0.7
    best = max(weights, key=lambda name: weights[name], default="room" if "inside" in cues else "field")
    if best in _ROOF_SETS and (_is_on_a_train(prose) or _is_on_a_train(place)):
        return "trainroof"
    if best in ("field", "road") and "shopsign" in thing_names:
        return "street"  # the lane has walls that the sign of a shop hangs on
    # "the bridge of a small starship" spans nothing
    return "bridgeship" if best == "bridge" and "bridgeship" in weights else best
