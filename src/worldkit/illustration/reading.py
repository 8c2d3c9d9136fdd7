"""What a picture of a state shows, as its prose says: set, hour, weather, colours, things, camera and player."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from worldkit.core.document import Document
from worldkit.core.ending_tone import ending_tone
from worldkit.core.model import State
from worldkit.core.unsent_prose import own_prose
from worldkit.illustration import lexicon
from worldkit.illustration.subject import PlayerFigure, names_of, read_subject

_TABLES = lexicon.tables()
INDOOR_SETS = frozenset(_TABLES["indoors"]["sets"].split(", "))
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
    """

    thing: str
    score: float
    is_many: bool = False
    distance: str = ""
    side: str = ""
    colour: str = ""


@dataclass(frozen=True, slots=True)
class PictureContent:
    """What a picture shows; with ``is_blank`` nothing, because nothing is written yet."""

    set: str
    hour: str
    weather: frozenset[str]
    colours: tuple[str, ...]
    light_colour: str
    mentions: tuple[ThingMention, ...]
    subject: PlayerFigure | None
    motion: str
    angle: str
    ending: str
    cues: frozenset[str] = field(default_factory=frozenset)
    is_blank: bool = False

    @property
    def is_indoors(self) -> bool:
        """Whether there are walls around."""
        return self.set in INDOOR_SETS


def read_state(document: Document, state_id: str, state: State) -> PictureContent:
    """Return what a picture of a state shows.

    Args:
        document: The world it belongs to; its subject and style hold for all states.
        state_id: The state's id, which often names the place.
        state: The state.
    """
    prose = lexicon.read(own_prose({"subject": document.subject, "styleTail": document.style_tail}, state.base))
    style = lexicon.read(document.style_tail or "")
    place = lexicon.read_name(state_id)
    camera = lexicon.read(" . ".join(text for text in (state.camera and state.camera.static,) if text))
    movement = lexicon.read(" . ".join(_movement(state)))
    if _is_on_rails(document):
        prose, place = _with_carriages(prose), _with_carriages(place)
    mentions = _mentions(prose, place, names_of(document.subject or ""))
    cues = frozenset(match.name for text in (prose, camera) for match in lexicon.matches(text, "cues"))
    cues |= {match.name for match in lexicon.matches(style, "cues") if match.name == "flooded"}
    hour = _heaviest(prose, place, style, "hours") or _mood(document)
    set_name = _set(prose, place, mentions, cues, _world_sets(document))
    if "cabin" in place.words and set_name not in INDOOR_SETS and _is_at_sea(document):
        set_name = "cabin"
    mentions = _in_place(mentions, set_name)
    weather = {match.name for text in (prose, place) for match in lexicon.matches(text, "weather")}
    if set_name not in INDOOR_SETS:
        weather |= {match.name for match in lexicon.matches(style, "weather")}
    colours = Counter({match.name: 2 for match in lexicon.matches(style, "colours")})
    colours.update(match.name for match in lexicon.matches(prose, "colours"))
    motions = [match.name for text in (movement, camera) for match in lexicon.matches(text, "motions")]
    return PictureContent(
        set=set_name,
        hour=hour,
        weather=frozenset(weather),
        colours=tuple(name for name, _ in colours.most_common()),
        light_colour=_light_colour(prose) or _light_colour(style),
        mentions=mentions,
        subject=None if "first_person" in cues else read_subject(document.subject or ""),
        motion=motions[0] if motions else "right",
        angle=next((match.name for match in lexicon.matches(camera, "angles")), ""),
        ending=ending_tone(state.ending.kind) if state.ending else "",
        cues=cues,
        is_blank=is_blank(state),
    )


def is_blank(state: State) -> bool:
    """Return whether a state has no prose that a picture could show."""
    return not any(map(str.isalnum, state.base))


def _weight(thing: str) -> float:
    """Return how much more, or less, a thing draws the eye than others."""
    return float(_TABLES["weights"].get(thing, 0))


def _movement(state: State) -> list[str]:
    texts = [state.camera.dynamic if state.camera else "", state.movement.dynamic if state.movement else ""]
    return [text for text in texts if text]


def _mentions(
    prose: lexicon.TextWords, place: lexicon.TextWords, player: frozenset[tuple[str, ...]]
) -> tuple[ThingMention, ...]:
    place_things = {match.name for match in lexicon.matches(place, "things")} - {"nothing"}
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
        and not (match.name in denied_things and _is_negated(prose, match))
    ]
    for order, match in enumerate(visible_nouns):
        score = 10 - 0.7 * order + _weight(match.name) + 4 * (match.name in place_things)
        before = range(max(0, match.index - 4), match.index)
        own_colour = next((colours[position] for position in reversed(before[-2:]) if position in colours), "")
        mention = ThingMention(
            match.name,
            score - 2 * (prose.distance(match.index) == "far"),
            match.is_plural or any(position in many for position in before),
            prose.distance(match.index),
            prose.side(match.index),
            own_colour,
        )
        if match.name not in best:
            best[match.name] = mention
        elif mention.is_many and not best[match.name].is_many:  # the stalls of a market
            best[match.name] = replace(best[match.name], is_many=True)
    for name in sorted(place_things - best.keys()):  # a set has another order in every process
        best[name] = ThingMention(name, 9.0 + min(0.0, _weight(name)))
    return tuple(sorted(best.values(), key=lambda mention: -mention.score))


def _is_negated(prose: lexicon.TextWords, match: lexicon.Match) -> bool:
    """Return whether a thing is said not to do something, as in "the elephant is not standing by the window"."""
    end = match.index + match.length
    return prose.words[end : end + 1] in (("is",), ("are",), ("was",), ("were",)) and prose.words[
        end + 1 : end + 2
    ] == ("-",)


_GROWN = frozenset({"forest", "garden", "field", "swamp", "river"})
"""Where a trunk is a tree's."""


_OWN_SHIP = frozenset({"ship", "cottage", "house"})
"""What prose on a deck calls the ship itself, and its cabin."""


_OWN_BRIDGE = frozenset({"bridge", "ship", "spaceship"})
"""What prose on the bridge of a ship calls the bridge and the ship."""


_ON_RAILS = frozenset({"train", "car", "cart"})
"""What prose in a train calls its own carriages."""


def _in_place(mentions: tuple[ThingMention, ...], set_name: str) -> tuple[ThingMention, ...]:
    """Return the mentions as they are meant in a set: in a wood, trunks are no luggage."""
    if set_name == "deck":  # the ship that one stands on, and its cabin, are not seen from outside
        return tuple(mention for mention in mentions if mention.thing not in _OWN_SHIP or mention.distance == "far")
    if set_name in ("train", "trainroof"):  # what stands on the rails is the place itself, as are the poles beside them
        own = _ON_RAILS | ({"pole", "rail"} if set_name == "trainroof" else set())
        return tuple(mention for mention in mentions if mention.thing not in own or mention.distance == "far")
    if set_name == "bridgeship":
        return tuple(mention for mention in mentions if mention.thing not in _OWN_BRIDGE or mention.distance == "far")
    if any(mention.thing == "rockinghorse" for mention in mentions):
        mentions = tuple(mention for mention in mentions if mention.thing != "horse")
    mentions = tuple(_in_street(mention, set_name) for mention in mentions)
    if set_name != "cave":  # elsewhere it is a part of the wall, the window or the rocks
        mentions = tuple(mention for mention in mentions if mention.thing != "ledge")
    if set_name not in _GROWN or all(mention.thing != "trunk" for mention in mentions):
        return mentions
    has_tree = any(mention.thing in ("tree", "pine", "bare") for mention in mentions)
    rest = tuple(mention for mention in mentions if mention.thing != "trunk")
    return rest if has_tree else tuple(replace(one, thing="tree") if one.thing == "trunk" else one for one in mentions)


def _world_sets(document: Document) -> tuple[str, ...]:
    """Return the sets that a world as a whole suggests, for states that name none: two, and two by its style."""
    about = lexicon.read(f"{document.name or ''}. {document.description or ''}")
    style = lexicon.read(document.style_tail or "")
    texts = [[match.name for match in lexicon.matches(text, "sets")] for text in (about, style)]
    return tuple(name for names in texts for name in tuple(dict.fromkeys(names))[:2])


_BEGINNING = 6
"""So many words are the beginning of a text."""


def _is_at_sea(document: Document) -> bool:
    """Return whether a world plays on a ship, where a cabin is no hut."""
    about = lexicon.read(". ".join(text for text in (document.name, document.description, document.subject) if text))
    return any(match.name in ("sea", "deck") for match in lexicon.matches(about, "sets")) or any(
        match.name in ("ship", "steamer", "sailboat") for match in lexicon.matches(about, "things")
    )


_SHOPPED = frozenset({"street", "square", "alley", "city"})
"""Where several signs are those of shops, and a shop's sign has a wall to hang on."""


def _in_street(mention: ThingMention, set_name: str) -> ThingMention:
    """Return a sign as it is meant in a set."""
    if mention.thing == "sign" and mention.is_many and set_name in _SHOPPED:
        return replace(mention, thing="shopsign")
    if mention.thing == "shopsign" and set_name not in _SHOPPED | INDOOR_SETS:
        return replace(mention, thing="sign")
    return mention


_CARRIAGE_WORDS = {"car": "railcar", "cars": "railcars", "van": "railcar", "carriage": "railcar", "coach": "railcar"}
"""What the words of a story on a train mean where they stand alone."""


def _is_on_rails(document: Document) -> bool:
    """Return whether a world plays on a train, where a car is none of a street."""
    about = lexicon.read(f"{document.name or ''}. {document.description or ''}")
    return any(match.name in ("train", "station") for match in lexicon.matches(about, "sets")) or any(
        match.name == "train" for match in lexicon.matches(about, "things")
    )


def _with_carriages(text: lexicon.TextWords) -> lexicon.TextWords:
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


_JOINTS = frozenset({"of", "in", "at", "by", "under", "near", "behind", "above", "below", "beside", "on", "to"})


def _head(place: lexicon.TextWords) -> int:
    """Return where the part of a name ends that says what it is: in "gate of the mill", after the gate."""
    return next((index for index, word in enumerate(place.words) if index and word in _JOINTS), len(place.words))


_TRAINS = frozenset(
    {"train", "trains", "carriage", "carriages", "railcar", "railcars", "wagon", "wagons", "coach", "coaches", "tram"}
)
_ROOFS = frozenset({"roof", "roofs", "rooftop", "rooftops"})
_REACH = 5
"""So many words of a noun's own may stand between "roof of" and the train."""
_BESIDE_TRAINS = frozenset(
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
            part = replace(text, words=words[index : index + 2 + _REACH])
            if _begins_with_a_train(part.clause(0)[2:]):
                return True
    return False


def _begins_with_a_train(words: tuple[str, ...]) -> bool:
    """Return whether the first noun is a train: that of "a moving night train", not that of "the train station"."""
    for index, word in enumerate(words):
        if word in _TRAINS:
            return not _BESIDE_TRAINS.intersection(words[index + 1 : index + 2])
        if word in _JOINTS or (index and word in _ARTICLES):
            return False
    return False


_STATIONS = frozenset({"bridgeship", "moon", "space", "underwater"})
"""Sets in which a station is none of a railway."""


_ROOF_SETS = frozenset({"rooftop", "train", "station", "road", "field"})


def _set(
    prose: lexicon.TextWords,
    place: lexicon.TextWords,
    mentions: tuple[ThingMention, ...],
    cues: frozenset[str],
    world_sets: tuple[str, ...],
) -> str:
    weights: dict[str, float] = {}

    def add(name: str, weight: float) -> None:
        weights[name] = weights.get(name, 0.0) + weight

    # the last word of a name says what it is: a farm kitchen is a kitchen
    head = _head(place)
    for match in lexicon.matches(place, "sets"):
        add(match.name, 2.0 + 0.6 * match.length + (1.5 if match.index + match.length == head else 0.0))
    for order, match in enumerate(lexicon.matches(prose, "sets")):
        share = 0.4 if prose.is_elsewhere(match.index) else 1.0
        bonus = 0.5 if not order and match.index <= _BEGINNING else 0.0  # most texts begin with where they play
        add(match.name, share * (bonus + 0.5 * match.length + max(0.6, 2.2 - 0.5 * order - match.index / 60)))
    set_by_thing = _TABLES["implied"]
    for mention in mentions[:6]:
        if mention.thing in set_by_thing:
            add(set_by_thing[mention.thing], 0.5)
    for name in world_sets:
        add(name, 0.45)
    if "station" in weights and (elsewhere := _STATIONS.intersection(weights)):  # no trains call at a space station
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


def _heaviest(prose: lexicon.TextWords, place: lexicon.TextWords, style: lexicon.TextWords, section: str) -> str:
    weights: Counter[str] = Counter()
    for text, weight in ((prose, 2.0), (place, 4.2), (style, 1.5)):
        for match in lexicon.matches(text, section):
            weights[match.name] += weight * match.length  # type: ignore[assignment]
    return max(weights, key=lambda name: weights[name], default="")


def _mood(document: Document) -> str:
    """Return the hour that the whole world suggests, or an empty text."""
    description = lexicon.read(f"{document.name or ''}. {document.description or ''}")
    return next((match.name for section in ("hours", "moods") for match in lexicon.matches(description, section)), "")


_LIGHTS = frozenset(
    {"lamp", "hanging", "lantern", "candle", "streetlamp", "neon", "screen", "chandelier", "lens", "window"}
)
_LIGHT_WORDS = frozenset({"light", "lights", "glow", "lit", "lamplight", "shine", "shines", "accents", "lamps"})


def _light_colour(text: lexicon.TextWords) -> str:
    colours = {match.index: match.name for match in lexicon.matches(text, "colours")}
    lights = {match.index for match in lexicon.matches(text, "things") if match.name in _LIGHTS}
    lights |= {index for index, word in enumerate(text.words) if word in _LIGHT_WORDS}
    for index in sorted(lights):
        for neighbour in (index - 1, index - 2, index + 1):
            if colours.get(neighbour, "grey") not in ("grey", "white", "black", "brown"):
                return colours[neighbour]
    return ""
