"""Makes ``delivery.world.json``: one state and a mission, put through the mission compiler.

``python make_delivery.py`` writes the file anew. Everything but the first state and one override is
the compiler's doing (docs/spec/rules.md#missions-compile).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from worldkit.core.conversion import with_unsent_prose
from worldkit.core.profile import HOSTED
from worldkit.editing.batch import apply
from worldkit.world import World

SAMPLE_FOLDER = Path(__file__).parent

BASE_WORLD: dict[str, Any] = {
    "schemaVersion": "1.0",
    "id": "delivery",
    "name": "Bees for the Roof",
    "description": "Five in the morning in a railway hotel. One porter, one humming box, two lifts.",
    "entrance": {"state": "left_luggage"},
    "scene": {
        "states": {
            "left_luggage": {
                "base": "The left-luggage office of a railway hotel at five in the morning, trunks stacked to the "
                "lamps. On the left a goods lift stands open behind a folding gate, smelling of cabbages. On the "
                "right the guests' lift, all mirrors, holds its doors for a wedding party coming home with armfuls "
                "of lilies. In the porter's arms a slatted wooden box hums one steady note.",
                "camera": {
                    "static": "At shoulder height behind the porter, held still, a lift on either side of the frame.",
                    "dynamic": "Following at shoulder height, trunks sliding past on both sides.",
                },
                "movement": {
                    "static": "The night porter stands with arms straight out, chin lifted away from the box.",
                    "dynamic": "The night porter walks as if on a tray of eggs.",
                },
                "ambient": [
                    "A paper label turns on its string.",
                    "Lily pollen drifts through the lamplight, gold.",
                    "One bee walks out between two slats, considers the office, and walks back in.",
                ],
                "narration": '"Roof," says the stationmaster, who has already taken three steps back. "Level, mind."',
                "arriveLabel": "slatted wooden box",
            }
        },
        "events": [
            {
                "name": "Put an ear to the slats",
                "kind": "override",
                "from": ["left_luggage"],
                "base": "The porter tilts an ear to the box. The hum climbs a semitone and the brass buttons on the "
                "plum jacket begin, very faintly, to ring.",
                "narration": "Somewhere near A. Forty thousand of them, all on the same part.",
                "hotkey": "p",
            }
        ],
    },
    "subject": "A night porter, nineteen, plum jacket with brass buttons, cap pushed back, a slatted wooden box held "
    "out in front like a birthday cake.",
    "styleTail": "First light, plum and brass and pale gold, everything a little polished, soft 35 mm colour.",
}

MISSION: dict[str, Any] = {
    "id": "bees_for_the_roof",
    "title": "Bees for the Roof",
    "win": {"title": "FORTY THOUSAND HOME", "subtitle": "Mrs. Ansah signs for them one by one, in spirit."},
    "verified": ["paper label", "empty hive"],
    "objectives": [
        {
            "id": "label_read",
            "text": "Read the label on the box",
            "action": "The porter turns the label to the lamp with one careful finger. THIS WAY UP, says the first "
            "line, in ink; KEEP LEVEL, says the second; the third says LILIES MAKE THEM EMOTIONAL.",
            "grounded": {"target": "paper label", "targetAliases": ["luggage label", "tag"], "proximity": 0.1},
        },
        {
            "id": "on_the_roof",
            "text": "Ride the goods lift to the roof",
            "location": "hotel_roof",
            "base": "A flat roof among chimneys, the whole city going gold below. Lavender grows in forty zinc "
            "bathtubs, and at the end of the rows stand three white hives, two murmuring and one with its little "
            "door open and a saucer of water on the step. Mrs. Ansah waits beside it in a dressing gown and a "
            "beekeeper's veil.",
            "camera": "At shoulder height, a few paces behind the porter, held level.",
            "movement": "The night porter comes forward by inches, box out in front.",
            "lockedHint": "Seven floors is a long way with a box you know so little about. There is a label.",
            "phases": [
                {
                    "base": "The folding gate clatters across, a bell rings twice, and the cabbages begin to rise.",
                    "camera": "From the back of the lift, looking out through the gate.",
                    "minMs": 2500,
                },
                {
                    "base": "Floors go down past the gate like a slow film: boots outside doors, a sleeping pageboy, "
                    "somebody's breakfast tray with a cat at it.",
                    "camera": "Through the moving gate, level and steady.",
                    "minMs": 3500,
                },
                {
                    "base": "The last floor sinks, the gate folds, and morning comes in all at once, smelling of "
                    "lavender.",
                    "camera": "Out over the porter's shoulder into the open.",
                    "minMs": 2500,
                },
            ],
            "fail": {
                "name": "Take the guests' lift",
                "action": "The wedding party makes room. The doors close, the mirrors fill with lilies to the "
                "horizon, and the hum in the box rises to a question.",
                "outcome": "The mirrored doors open on the fourth floor and a wedding party comes out of them at a "
                "run, hats first. Behind them the lift is a brown and golden whirl reflected to infinity. Lilies "
                "lie along the carpet all the way to the stairs, and in the middle of it stands the porter with an "
                "open box and a look of great stillness.",
                "title": "LILIES",
                "subtitle": "The bees stay eleven days, in the bridal suite. They leave a tip.",
            },
        },
        {
            "id": "hived",
            "text": "Pour the bees home",
            "grounded": {
                "target": "empty hive",
                "targetAliases": ["white hive", "beehive"],
                "confirm": "bees at the hive door",
                "confirmAliases": ["bees", "swarm"],
                "proximity": 0.2,
            },
            "phases": [
                {
                    "base": "The porter kneels in the lavender, sets the box on its sheet before the third hive, and "
                    "draws the lid back one finger's width.",
                    "camera": "Low among the lavender, close on the lid.",
                    "minMs": 3000,
                },
                {
                    "base": "A brown ribbon comes over the edge, feels its way down the sheet, finds the little door, "
                    "and turns in at it, shoulder to shoulder.",
                    "camera": "Very close, travelling with the bees.",
                    "minMs": 4000,
                },
            ],
            "outcome": "The last of the ribbon goes in over the step, stopping to drink at the saucer. The three hives "
            "hum together, a chord. Mrs. Ansah has put back her veil and is holding out a spoon of honey, and the "
            "porter, cap off, hair full of lavender, leans forward and takes it like medicine.",
            "fail": {
                "name": "Shake the box, to wake them",
                "action": "The porter lifts the box to one ear and gives it a good firm shake, left and right.",
                "outcome": "Lavender, bathtubs, chimneys, and a plum jacket going away between them very fast. Behind "
                "it, keeping pace, comes a cloud in the exact shape of the jacket. Mrs. Ansah, in her veil, turns her "
                "head to follow them round the roof, and round again.",
                "title": "WIDE AWAKE",
                "subtitle": "They were awake. They were being polite.",
            },
        },
    ],
}


def build() -> World:
    """Return the world: the first state, with the mission compiled into it, and what every base has to hold."""
    world = apply(World.from_dict(BASE_WORLD), [{"op": "add_mission", "mission": MISSION}]).world
    return World.from_dict(with_unsent_prose(world.to_dict(), HOSTED))


if __name__ == "__main__":
    build().save(SAMPLE_FOLDER / "delivery.world.json")
