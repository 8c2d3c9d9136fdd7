"""Sizes that the layout, the picture and the editor share, in pixels."""

from __future__ import annotations

CARD_W = 280
CARD_H = 168
GRID = 8
GAP_X = 224
GAP_Y = 72
PITCH_X = CARD_W + GAP_X
PITCH_Y = CARD_H + GAP_Y
BAND_GAP = 96
"""The distance between two bands besides ``GAP_Y``, for the lines from one to the next."""

Position = tuple[float, float]
