"""What places under the sky consist of: what lies behind, the ground, what stands in front."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OutdoorSet:
    """What a place under the sky consists of.

    Attributes:
        far: What lies behind, the farthest first.
        ground: What the ground is made of.
        frame: What stands in front at the edges.
        things: What may stand there when the prose names little; the first always does.
        horizon: Where the ground ends.
    """

    far: tuple[str, ...]
    ground: str
    frame: str
    things: tuple[str, ...] = ()
    horizon: float = 218.0


SETS = {
    "field": OutdoorSet(("mountains", "hills", "hills"), "grass", "grass", ("tree", "fence", "bush", "rock")),
    "forest": OutdoorSet(("treeline", "wood"), "grass", "trunks", ("bush", "mushroom", "pine"), 226),
    "mountain": OutdoorSet(("mountains", "mountains", "hills"), "rock", "rocks", ("pine", "rock", "bare"), 226),
    "shore": OutdoorSet(("cliffs", "sea"), "sand", "grass", ("rock", "gull"), 206),
    "harbour": OutdoorSet(("skyline", "sea"), "planks", "posts", ("boat", "streetlamp", "crate"), 206),
    "sea": OutdoorSet(("clouds", "sea"), "water", "none", ("gull",), 206),
    "river": OutdoorSet(("hills", "treeline", "river"), "grass", "reeds", ("reeds", "tree"), 208),
    "swamp": OutdoorSet(("treeline", "river"), "mud", "reeds", ("bare", "reeds"), 212),
    "street": OutdoorSet(("skyline", "street"), "cobbles", "none", ("streetlamp",), 222),
    "square": OutdoorSet(("skyline", "houserow"), "cobbles", "none", ("fountain", "streetlamp", "bench"), 206),
    "alley": OutdoorSet(("skyline", "alley"), "cobbles", "none", ("streetlamp", "crate", "door"), 228),
    "city": OutdoorSet(("skyline", "skyline", "street"), "road", "none", ("streetlamp", "car"), 226),
    "rooftop": OutdoorSet(("skyline", "skyline"), "roof", "parapet", ("chimney", "antenna"), 236),
    "trainroof": OutdoorSet(("hills", "treeline"), "carriages", "none", (), 186),
    "courtyard": OutdoorSet(("yardwall",), "cobbles", "vines", ("well", "lantern"), 226),
    "garden": OutdoorSet(
        ("treeline", "hedge"), "grass", "branches", ("flower", "tree", "fountain", "bush", "bench"), 224
    ),
    "desert": OutdoorSet(("mountains", "dunes", "dunes"), "sand", "none", ("cactus", "rock"), 220),
    "snow": OutdoorSet(("mountains", "pines"), "snow", "none", ("pine",), 224),
    "graveyard": OutdoorSet(("hills", "treeline"), "grass", "branches", ("grave", "cross", "bare"), 224),
    "road": OutdoorSet(("hills", "treeline"), "road", "grass", ("pole", "sign"), 222),
    "station": OutdoorSet(("treeline", "station"), "cobbles", "none", ("streetlamp", "bench", "sign", "trunk"), 206),
    "bridge": OutdoorSet(("hills", "river"), "planks", "rails", ("streetlamp",), 206),
    "moon": OutdoorSet(("mountains", "dunes"), "dust", "rocks", ("rock", "planet", "rocket"), 224),
    "deck": OutdoorSet(("clouds", "sea"), "planks", "rails", ("mast", "wheel", "barrel", "crate"), 206),
    "village": OutdoorSet(("hills", "treeline"), "grass", "grass", ("cottage", "church", "well", "tree", "fence"), 222),
    "stadium": OutdoorSet(("stands",), "grass", "none", ("goal", "pole"), 214),
    "sky": OutdoorSet(("clouds", "clouds"), "cloud", "none", ("airship", "gull"), 240),
}
