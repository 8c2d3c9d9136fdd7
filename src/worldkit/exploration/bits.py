"""The bits of an integer that stands for a set."""

from __future__ import annotations


def bit_places(numbers: int) -> list[int]:
    """Return the places of the bits of an integer, lowest first."""
    places = []
    while numbers:
        low = numbers & -numbers
        numbers ^= low
        places.append(low.bit_length() - 1)
    return places


def single_bits(mask: int) -> list[int]:
    """Return the bits of an integer, each as an integer of that bit alone, lowest first."""
    bits = []
    while mask:
        bits.append(mask & -mask)
        mask &= mask - 1
    return bits
