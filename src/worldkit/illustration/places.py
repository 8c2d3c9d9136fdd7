"""What places under the sky consist of: what lies behind, the ground, what stands in front."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Set:
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
    "field": Set(("mountains", "hills", "hills"), "grass", "grass", ("tree", "fence", "bush", "rock")),
    "forest": Set(("treeline", "treeline", "pines"), "grass", "trunks", ("tree", "mushroom", "bush", "pine"), 226),
    "mountain": Set(("mountains", "mountains", "hills"), "rock", "rocks", ("pine", "rock", "bare"), 226),
    "shore": Set(("cliffs", "sea"), "sand", "grass", ("rock", "gull"), 206),
    "harbour": Set(("skyline", "sea"), "planks", "posts", ("boat", "streetlamp", "crate"), 206),
    "sea": Set(("clouds", "sea"), "water", "none", ("gull",), 206),
    "river": Set(("hills", "treeline", "river"), "grass", "reeds", ("reeds", "tree"), 208),
    "swamp": Set(("treeline", "river"), "mud", "reeds", ("bare", "reeds"), 212),
    "street": Set(("skyline", "street"), "cobbles", "none", ("streetlamp",), 222),
    "alley": Set(("skyline", "alley"), "cobbles", "none", ("streetlamp", "crate", "door"), 228),
    "city": Set(("skyline", "skyline", "street"), "road", "none", ("streetlamp", "car"), 226),
    "rooftop": Set(("skyline", "skyline"), "roof", "parapet", ("chimney", "antenna"), 236),
    "courtyard": Set(("yardwall",), "cobbles", "vines", ("well", "lantern"), 226),
    "garden": Set(("treeline", "hedge"), "grass", "branches", ("flower", "tree", "fountain", "bush", "bench"), 224),
    "desert": Set(("mountains", "dunes", "dunes"), "sand", "none", ("cactus", "rock"), 220),
    "snow": Set(("mountains", "pines"), "snow", "none", ("pine",), 224),
    "graveyard": Set(("hills", "treeline"), "grass", "branches", ("grave", "cross", "bare"), 224),
    "road": Set(("hills", "treeline"), "road", "grass", ("pole", "sign"), 222),
    "bridge": Set(("hills", "river"), "planks", "rails", ("streetlamp",), 206),
    "moon": Set(("mountains", "dunes"), "dust", "rocks", ("rock", "planet", "rocket"), 224),
    "deck": Set(("clouds", "sea"), "planks", "rails", ("mast", "wheel", "barrel", "crate"), 206),
    "village": Set(("hills", "treeline"), "grass", "grass", ("cottage", "church", "well", "tree", "fence"), 222),
    "stadium": Set(("stands",), "grass", "none", ("goal", "pole"), 214),
    "sky": Set(("clouds", "clouds"), "cloud", "none", ("airship", "gull"), 240),
}
