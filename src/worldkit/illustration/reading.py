"""What a picture of a state shows, as its prose says: set, hour, weather, colours, things, camera and player."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from worldkit.core.document import Document
from worldkit.core.ending_tone import ending_tone
from worldkit.core.model import State
from worldkit.core.unsent_prose import own_prose
from worldkit.illustration import lexicon
from worldkit.illustration.mentions import INDOOR_SETS, ThingMention, in_place, mentions_in
from worldkit.illustration.setting import is_at_sea, is_in_space, is_on_rails, set_of, with_carriages
from worldkit.illustration.subject import PlayerFigure, names_of, read_subject


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
    """
    prose = lexicon.read(own_prose({"subject": document.subject, "styleTail": document.style_tail}, state.base))
    style = lexicon.read(document.style_tail or "")
    place = lexicon.read_name(state_id)
    camera = lexicon.read(" . ".join(text for text in (state.camera and state.camera.static,) if text))
    movement = lexicon.read(" . ".join(_movement(state)))
    if is_on_rails(document):
        prose, place = with_carriages(prose), with_carriages(place)
    mentions = mentions_in(prose, place, names_of(document.subject or ""))
    cues = frozenset(match.name for text in (prose, camera) for match in lexicon.matches(text, "cues"))
    if "dark_water" in cues:  # of a room it is told by its own text alone: around a lighthouse all water is black
        cues |= {"flooded"}
    cues |= {match.name for match in lexicon.matches(style, "cues") if match.name == "flooded"}
    hour = _stated_hour(prose, place, style) or _mood(document)
    set_name = set_of(prose, place, mentions, cues, document)
    if "cabin" in place.words and set_name not in INDOOR_SETS - {"room"} and is_at_sea(document):
        set_name = "cabin"
    if _is_bridge_of_a_ship(set_name, prose, document):
        set_name = "cabin"
    if set_name in ("cabin", "deck", "harbour") and is_in_space(document):
        set_name = "bridgeship"
    mentions = in_place(mentions, set_name, place)
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


_SHIP_BRIDGE_WORDS = frozenset({"chart", "charts", "compass", "swell", "wheel"})
"""What stands on the bridge of a ship and on no other."""
_SPACE_WORDS = frozenset({"orbit", "planet", "space", "spaceship", "star", "stars", "starship"})


def _is_bridge_of_a_ship(set_name: str, prose: lexicon.TextWords, document: Document) -> bool:
    """Return whether a bridge is that of a ship at sea: it spans no river, and no planet is seen from it."""
    words = set(prose.words)
    if not words & _SHIP_BRIDGE_WORDS:
        return False
    if set_name == "bridgeship":
        return not words & _SPACE_WORDS and not any(match.name == "space" for match in lexicon.matches(prose, "sets"))
    return set_name == "bridge" and is_at_sea(document)


def is_blank(state: State) -> bool:
    """Return whether a state has no prose that a picture could show."""
    return not any(map(str.isalnum, state.base))


def _movement(state: State) -> list[str]:
    texts = [state.camera.dynamic if state.camera else "", state.movement.dynamic if state.movement else ""]
    return [text for text in texts if text]


def _stated_hour(prose: lexicon.TextWords, place: lexicon.TextWords, style: lexicon.TextWords) -> str:
    weights: Counter[str] = Counter()
    for text, weight in ((prose, 2.0), (place, 4.2), (style, 1.5)):
        for match in lexicon.matches(text, "hours"):
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
