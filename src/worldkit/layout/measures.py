"""The table of sizes that the layout, the pictures and the editor share, in pixels.

The browser routes edges with the same numbers: scripts/geometry.py writes ``widgets/map/geometry/dimensions.ts`` and
the conformance cases from this module.
"""

from __future__ import annotations

Position = tuple[float, float]

# ---- cards -------------------------------------------------------------------------------------

CARD_W = 280
CARD_H = 168
GRID = 8
GAP_X = 224
GAP_Y = 72
PITCH_X = CARD_W + GAP_X
PITCH_Y = CARD_H + GAP_Y
BAND_GAP = 96
"""The distance between two bands besides ``GAP_Y``, for the lines from one to the next."""

# ---- which way an edge goes --------------------------------------------------------------------

CLEARANCE = 18
"""The distance from a line to the cards that it passes."""

MIN_WRAP_DISTANCE = 1310
"""An edge that leads further back than this, and down, wraps like a line of text."""

COLLISION_DISTANCE = 8
"""A line that comes so near to a card is taken to run into it."""

TURN_COST = 60
"""What a change of height costs on the way through columns, as a distance."""

MAX_CANDIDATES = 8
"""The number of heights in each column that are considered."""

LANE_DISTANCE = 12
"""The distance between parallel lines that pass the same cards."""

MAX_LANES = 24
"""The number of lanes that are tried."""

# ---- where it meets its cards ------------------------------------------------------------------

PORT_PITCH = 28
"""The distance between ports on the left and right of a card, where there is room."""

WIDE_PORT_PITCH = 112
"""The same for the top and bottom, where names of edges lie side by side."""

PORT_MARGIN = 20
"""The least distance from a port to a corner of its card, at the left and right."""

WIDE_PORT_MARGIN = 32
"""The same for the top and bottom."""

LEAD_LENGTH = 10
"""The length of the straight lines in which an edge leaves and arrives; the arrow's head lies on the last one."""

# ---- its shape ---------------------------------------------------------------------------------

BEND = 112
"""The largest width of the curve in which an edge changes its height."""

MIN_BEND = 56
"""The least width of that curve, where there is room."""

LEVEL_TOLERANCE = 4
"""Ends that differ in height by less are joined by one curve."""

LEAN = 0.5
"""How far a bend moves sideways with its port, so that parallel edges keep their distance where they climb."""

MAX_LEAN = 0.65
"""How far it moves at most, as a part of half its width; further would make it a corner."""

WRAP_CORNER_RADIUS = 22
"""The radius of a corner of an edge that wraps."""

WRAP_SPREAD = 0.3
"""How far the corners of an edge that wraps move outward with its port."""

BOW_REACH = 64
"""How far an edge between two cards of a column reaches out at the least."""

MAX_BOW_REACH = 160
"""How much further it reaches out at most where the cards are far apart."""

BOW_HEIGHT_DIVISOR = 12
"""It reaches out further by its height divided by this."""

BOW_SPREAD = 0.25
"""How far it reaches out further with the distance of its ports from those of the edges inside it."""

STUB = 56
"""The length of an edge that leads nowhere."""

LOOP_RIGHT = 44
"""The distance from the middle of a card's first loop to the card's right side."""

LOOP_WIDTH = 44
LOOP_PITCH = 84
LOOPS_IN_ROW = 3
LOOP_HEIGHT = 54
LOOP_RISE = 18
"""How much higher the loops of the next row are."""

LOOP_SLOPE = 0.28
"""How far a loop's sides slant, as a part of its height."""
