"""What a place does, what the player does, and how things are done: word lists for composed sentences."""

from __future__ import annotations

from collections.abc import Mapping

from worldkit.generation.planning.sorts import Verbs
from worldkit.generation.text.english import word_list

INDOORS: Verbs = {"waits": "inside", "opens": "inside", "glows": "lit", "darkens": "dim", "glimmers": "lit"}
"""What a place does that has a roof."""
OUTDOORS: Verbs = {
    "waits": "place",
    "opens": "place",
    "lies": "place",
    "spreads": "place",
    "stretches": "place",
    "glimmers": "lit",
    "widens": "place",
}
"""What a place does under the open sky."""
WIDE: Verbs = {"opens": "place", "lies": "place", "spreads": "place"}
"""What a place does around a thing."""

YOU: Verbs = {
    "stop": "stay",
    "pause": "stay",
    "stand": "stay",
    "wait": "stay",
    "crouch": "stay",
    "kneel": "stay",
    "step": "past",
    "turn": "toward",
    "walk": "past",
    "lean": "up",
    "look": "look",
    "listen": "calm",
    "reach": "toward",
    "breathe": "in",
    "move": "past",
}
"""Verbs for the player, second person."""

THEN = (
    " and count the ways onward",
    " and think of the way back",
    " as quietly as you can",
    " and let your eyes get used to the light",
    " before you trust the place",
    " and make up your mind",
    " and remember why you came",
    " and hold your breath",
    " and take your time",
    " and wonder who was here last",
    " and feel the place look back",
    " and let the sounds come to you",
    " for as long as you dare",
    " and try to picture the builders",
)
"""What the player does with it, whatever the verb."""

MANNERS: Mapping[str, tuple[str, ...]] = {
    "ring": ("once", "twice", "three times", "and listens"),
    "sound": ("once", "twice", "and listens"),
    "wind": ("to the last turn", "turn by turn", "and listens"),
    "read": ("line by line", "aloud", "from top to bottom", "twice"),
    "play": ("softly", "from the start", "and listens"),
    "light": ("on the first try", "and steps back", "and shields the flame"),
    "water": ("drop by drop", "until the soil darkens", "slowly"),
    "wipe": ("clean", "in slow circles", "with a rag"),
    "pull": ("with one long pull", "in one smooth move", "and waits"),
    "pump": ("slowly", "five times", "until the handle stiffens"),
    "move": ("one square forward", "and waits", "and leans back"),
    "punch": ("once", "in one corner"),
    "stamp": ("once", "twice", "in red"),
    "send": ("twice", "and listens", "letter by letter"),
    "crank": ("slowly", "ten turns", "and listens"),
    "patch": ("with tape", "stitch by stitch"),
    "reboot": ("twice", "and waits", "with one long press"),
    "log": ("in pencil", "to the last digit"),
    "steady": ("with both arms", "and leans into the turn"),
    "scrape": ("clean", "in long strokes"),
    "brush": ("clean", "in long strokes", "from left to right"),
    "stroke": ("gently", "slowly", "with one open palm"),
    "feed": ("piece by piece", "from an open palm", "and steps back"),
    "pour": ("slowly", "to the brim", "in one thin stream"),
    "fill": ("slowly", "to the brim", "drop by drop"),
    "draw": ("slowly", "with both arms", "up to the rim"),
    "copy": ("line by line", "from left to right", "in quick strokes"),
    "stir": ("slowly", "and breathes in the steam"),
    "check": ("twice", "at close range", "and taps the glass"),
    "wave": ("once", "twice", "with one arm"),
    "slurp": ("slowly", "to the last drop"),
    "pick": ("with one quick twist", "and rubs it bright"),
    "push": ("gently", "once", "and steps back"),
    "turn": ("slowly", "halfway round", "a little further"),
    "tune": ("by ear", "note by note", "and listens"),
    "trim": ("to a clean edge", "and steps back"),
}
"""How a thing is done that changes the picture for a moment, by its verb."""
MANNER = ("with care", "slowly", "once more", "and steps back", "in one smooth move")

TAKING = (
    "and turns {it} to the light",
    "and weighs {it} in one palm",
    "and brushes the dust away",
    "and looks back once",
    "with one quick pull",
    "and listens for a moment",
    "with care",
)
"""How something is taken."""

ALONG = frozenset(word_list("follow walk edge cross wade traverse"))
"""What is done along something."""
