"""Worked examples for a model, by kind of field: hand-written, and of places that the stock does not hold.

Which one a world uses is drawn from its seed. Its words are shut out of the answers, so none of it can be copied.
"""

from __future__ import annotations

from collections.abc import Mapping

Example = tuple[str, str]

EXAMPLES: Mapping[str, tuple[Example, ...]] = {
    "place": (
        (
            "Place: the pump house. Things there: an iron wheel, a chain.",
            "The pump house crouches under a sagging tin roof. An iron wheel leans against the mossy bricks while a "
            "chain hangs into the shaft below.",
        ),
        (
            "Place: the ferry deck. Things there: a coil of hemp, yellow deckchairs.",
            "The ferry deck shines after the morning shower. A coil of hemp lies beside the capstan while yellow "
            "deckchairs stand along the white rail.",
        ),
        (
            "Place: the bell foundry. Things there: a clay mould, ladles.",
            "The bell foundry stretches behind a curtain of sparks. A clay mould cools in its pit while ladles hang "
            "above the furnace in a crooked row.",
        ),
    ),
    "shot": (
        (
            "Place: the pump house. Still shot of an iron wheel and a chain.",
            "A low wide shot of an iron wheel, with a chain above the shaft.",
        ),
        (
            "Place: the ferry deck. Still shot of yellow deckchairs and a capstan.",
            "A long level shot of yellow deckchairs, with a capstan at the rail.",
        ),
        (
            "Place: the bell foundry. Still shot of ladles and a clay mould.",
            "A close shot of ladles, with a clay mould under the orange sparks.",
        ),
    ),
    "travel": (
        ("Place: the pump house. Moving shot past a chain.", "The camera glides past the chain along a row of taps."),
        (
            "Place: the ferry deck. Moving shot past a capstan.",
            "The camera drifts over the capstan across the wet deck.",
        ),
        (
            "Place: the bell foundry. Moving shot past a clay mould.",
            "The camera circles the clay mould through the sparks.",
        ),
    ),
    "ambient": (
        ("Place: the pump house. What a chain does.", "A chain sways above the shaft."),
        ("Place: the ferry deck. What striped pennants do.", "Striped pennants ripple over the bridge."),
        ("Place: the bell foundry. What ladles do.", "Ladles glow beside the furnace."),
    ),
    "line": (
        (
            "Place: the pump house. Things there: an iron wheel, a chain.",
            "You stop beside the mossy bricks of the shaft.",
        ),
        ("Place: the ferry deck. Things there: yellow deckchairs.", "You lean against the white rail."),
        ("Place: the bell foundry. Things there: a clay mould.", "You walk around the edge of the furnace pit."),
    ),
    "step": (
        (
            "The plumber unbolts the hatch and sees a chain.",
            "The plumber unbolts the hatch with a heavy shove. A chain swings above the shaft.",
        ),
        (
            "The nurse boards the ferry and sees yellow deckchairs.",
            "The nurse boards the ferry under a pale sky. Yellow deckchairs stand along the rail.",
        ),
        (
            "The founder taps the furnace and sees ladles.",
            "The founder taps the furnace in a rain of sparks. Ladles glow on their hooks.",
        ),
    ),
    "take": (
        ("The plumber finds a wrench in the pump house.", "The plumber takes the wrench from a hook beside the taps."),
        ("The nurse finds a whistle on the ferry deck.", "The nurse takes the whistle from under a folded deckchair."),
        ("The founder finds a hammer in the bell foundry.", "The founder takes the hammer from between two moulds."),
    ),
    "aside": (
        ("You unbolt the hatch to the pump house.", "You unbolt the hatch under the mossy bricks."),
        ("You board the ferry to the harbour.", "You board the ferry past the folded deckchairs."),
        ("You cross the catwalk to the bell foundry.", "You cross the catwalk between the glowing ladles."),
    ),
}
