"""The words of generated puzzles: places, what is found in them, ways to lose, pits and what gets one out of them."""

from __future__ import annotations

PLACES = {
    "hall": "A long hall of dark oak, with a row of empty coat hooks under a stopped clock.",
    "kitchen": "A stone kitchen where copper pans hang above a cold iron range.",
    "pantry": "A narrow pantry of slate shelves, with jars of plums under waxed paper.",
    "library": "A library of tall shelves, with a ladder on rails and a green reading lamp.",
    "study": "A small study with a rolltop desk and a map of the coast on the wall.",
    "greenhouse": "A greenhouse of white iron and old glass, with lemon trees in clay pots.",
    "courtyard": "A paved courtyard around a mossy fountain, with ivy on every wall.",
    "stable": "A stable of brick stalls, with clean straw and worn leather harness.",
    "workshop": "A workshop with a vice, a lathe and curled shavings on the boards.",
    "chapel": "A small chapel with blue windows and six short benches.",
    "attic": "An attic under bare rafters, with trunks and a dress form in the dust.",
    "landing": "A landing at the turn of a wide stair, with a brass rail and a tall window.",
    "music room": "A music room with a piano under a sheet and stands of yellow scores.",
    "gallery": "A gallery of gilt frames, with a skylight and a red velvet bench.",
    "boathouse": "A boathouse on green piles, with a varnished skiff above the water.",
    "jetty": "A jetty of grey planks that runs out over a quiet lake.",
    "orchard": "An orchard of low apple trees, with baskets and a leaning ladder.",
    "dairy": "A tiled dairy with pails, a churn and a shelf of round cheeses.",
    "tower": "A round tower room with slit windows and a spiral of worn steps.",
    "observatory": "An observatory under a copper dome, with a brass telescope on its pier.",
    "print shop": "A print shop with a hand press and trays of lead type.",
    "schoolroom": "A schoolroom of small desks, with a globe and a chalked board.",
    "guardroom": "A guardroom with a rack of pikes and a table scored by dice.",
    "wine cellar": "A wine cellar of brick arches, with bottles in rows of pale dust.",
    "laundry": "A laundry of steaming coppers and white sheets on a rack.",
    "tack room": "A tack room of saddles and brushes that smells of wax.",
    "mill": "A mill with a great wooden wheel and sacks of flour along the wall.",
    "signal box": "A signal box of painted levers above two bright rails.",
    "post office": "A post office with brass grilles and pigeonholes full of letters.",
    "bakery": "A bakery with a brick oven and long boards of rising loaves.",
}
"""Places by name, with what stands there."""

KEYS = (
    *("brass key", "iron key", "silver key", "bone key", "long key", "small key", "blue key", "twisted key"),
    *("red token", "black token", "white token", "punched card", "sealed letter", "visitor's pass"),
)
"""What opens a door."""

RELICS = (
    *("music box", "sextant", "glass lens", "ivory chess queen", "tuning fork", "ship's bell", "ledger"),
    *("pocket watch", "wax cylinder", "star chart", "porcelain bird", "copper coil"),
)
"""What is wanted at the end."""

PITS = {
    "well": (
        "climb down the well",
        "climb the rope out of the well",
        "rope",
        "A dry well of round stones, a disc of sky above.",
    ),
    "ice house": (
        "drop into the ice house",
        "climb the ladder out",
        "ladder",
        "An ice house of packed straw under a high hatch.",
    ),
    "quarry": (
        "slide down into the quarry",
        "winch yourself up the face",
        "winch handle",
        "A quarry of sheer pale stone around a still pool.",
    ),
    "cistern": (
        "lower yourself into the cistern",
        "step up on the crate",
        "crate",
        "A vaulted cistern with ankle-deep water and echoing drips.",
    ),
}
"""Places that one gets into and not out of again without a thing: how in, how out, the thing, what stands there."""

LOSSES = {
    "rotten bridge": (
        "cross the rotten bridge",
        "The planks give way",
        "A rotten bridge, its planks gone, over a fast brown stream.",
    ),
    "night train": ("board the night train", "Carried away", "A night train that draws out of a lamplit station."),
    "marsh": (
        "take the short way through the marsh",
        "Lost in the marsh",
        "A wide marsh of reeds and mist under a low moon.",
    ),
    "maze": (
        "walk into the hedge maze",
        "Round and round",
        "A hedge maze of clipped yew, each turn like the one before.",
    ),
}
"""Endings that are lost: how one gets there, the title, what stands there."""
