"""The loops of ``compiled_search``, for numba to compile: imported only where numba is installed.

All numbers are signed integers of 64 bits: a mask has at most 63 bits, and a word holds 63 groups, so that none is
ever negative. A mask has a number, its place in ``masks``; its row of ``reached`` holds the groups it is reached in.
Masks with equally many bits are a list linked by ``after``, from ``heads``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from worldkit.exploration.compiling import compiled
from worldkit.exploration.mask_sets import INTEGER_BITS

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

COUNT, LAYER, NEXT, PAIRS, STATUS = range(5)
"""Places in ``info``: masks so far, the layer at work, the mask of it that comes next, groups of masks gone through."""

RUNNING, DONE, FULL = range(3)


@compiled
def _bit_count(word: int) -> int:
    word = word - ((word >> 1) & 0x5555555555555555)
    word = (word & 0x3333333333333333) + ((word >> 2) & 0x3333333333333333)
    word = (word + (word >> 4)) & 0x0F0F0F0F0F0F0F0F
    return (word * 0x0101010101010101) >> 56


@compiled
def _find(mask: int, masks: Array, table: Array) -> int:
    """Return the place in the hash table where a mask's number stands, or where it belongs."""
    last = len(table) - 1
    place = mask * 0x1E3779B97F4A7C15
    place = (place ^ (place >> 29)) & last
    while table[place] >= 0 and masks[table[place]] != mask:
        place = (place + 1) & last
    return place


@compiled
def rehash(count: int, masks: Array, table: Array) -> None:
    """Put the numbers of so many masks into an empty hash table."""
    for number in range(count):
        table[_find(masks[number], masks, table)] = number


@compiled
def forwards(
    most_pairs: int,
    info: Array,
    masks: Array,
    reached_groups: Array,
    after: Array,
    heads: Array,
    table: Array,
    first_edge: Array,
    edges: Array,
    open_guards: Array,
    guards: Array,
    waiting_groups: Array,
    visited_groups: Array,
    stamps: Array,
    slots: Array,
) -> None:
    """Reach everything: go through the masks in order of how many bits they have, so many groups of masks at a time."""
    words = len(waiting_groups)
    stop = info[PAIRS] + most_pairs
    while True:
        number = info[NEXT]
        if number < 0:
            info[LAYER] += 1
            if info[LAYER] == len(heads):
                info[STATUS] = DONE
                return
            info[NEXT] = heads[info[LAYER]]
            continue
        if info[PAIRS] >= stop:
            info[STATUS] = RUNNING
            return
        if info[COUNT] + len(stamps) > len(masks):
            info[STATUS] = FULL
            return
        info[NEXT] = after[number]
        mask = masks[number]
        for word in range(words):
            waiting_groups[word] = visited_groups[word] = reached_groups[number * words + word]
        word = 0
        while word < words:
            bits = waiting_groups[word]
            if not bits:
                word += 1
                continue
            group_bit = bits & -bits
            waiting_groups[word] = bits ^ group_bit
            group = word * INTEGER_BITS + _bit_count(group_bit - 1)
            info[PAIRS] += 1
            guard = open_guards[group, 0]
            while guard < open_guards[group, 1]:
                if mask & guards[guard, 0] == guards[guard, 0] and not mask & guards[guard, 1]:
                    last_open = open_guards[group, 1] - 1
                    for column in range(3):
                        other = guards[last_open, column]
                        guards[last_open, column] = guards[guard, column]
                        guards[guard, column] = other
                    open_guards[group, 1] = last_open
                else:
                    guard += 1
            for edge in range(first_edge[group], first_edge[group + 1]):
                if mask & edges[edge, 1] != edges[edge, 1] or mask & edges[edge, 3]:
                    continue
                target_word = edges[edge, 4]
                target_bit = edges[edge, 5]
                successor = mask | edges[edge, 2]
                if successor == mask:
                    if not visited_groups[target_word] & target_bit:
                        visited_groups[target_word] |= target_bit
                        waiting_groups[target_word] |= target_bit
                        if target_word < word:
                            word = target_word
                    continue
                effect = edges[edge, 6]
                if stamps[effect] != number:
                    stamps[effect] = number
                    place = _find(successor, masks, table)
                    if table[place] < 0:
                        new_number = info[COUNT]
                        info[COUNT] += 1
                        masks[new_number] = successor
                        layer = _bit_count(successor)
                        after[new_number] = heads[layer]
                        heads[layer] = new_number
                        table[place] = new_number
                    slots[effect] = table[place]
                reached_groups[slots[effect] * words + target_word] |= target_bit
        for word in range(words):
            reached_groups[number * words + word] = visited_groups[word]


@compiled
def backwards(
    most_pairs: int,
    info: Array,
    masks: Array,
    reached_groups: Array,
    after: Array,
    heads: Array,
    table: Array,
    winning_groups: Array,
    first_edge: Array,
    edges: Array,
    quiet_first: Array,
    quiet: Array,
    is_quiet: Array,
    endings: Array,
    stamps: Array,
    slots: Array,
    notes: Array,
) -> None:
    """Mark what an ending can be reached from: go through the masks in the other order, and count the rest."""
    words = len(endings)
    stop = info[PAIRS] + most_pairs
    while True:
        number = info[NEXT]
        if number < 0:
            info[LAYER] -= 1
            if info[LAYER] < 0:
                info[STATUS] = DONE
                return
            info[NEXT] = heads[info[LAYER]]
            continue
        if info[PAIRS] >= stop:
            info[STATUS] = RUNNING
            return
        info[NEXT] = after[number]
        mask = masks[number]
        row = number * words
        for word in range(words):
            winning_groups[row + word] = reached_groups[row + word] & endings[word]
        is_changed = True
        while is_changed:
            is_changed = False
            for word in range(words - 1, -1, -1):
                undecided_groups = reached_groups[row + word] & ~winning_groups[row + word]
                while undecided_groups:
                    group_bit = undecided_groups & -undecided_groups
                    undecided_groups ^= group_bit
                    info[PAIRS] += 1
                    group = word * INTEGER_BITS + _bit_count(group_bit - 1)
                    for edge in range(first_edge[group], first_edge[group + 1]):
                        if mask & edges[edge, 1] != edges[edge, 1] or mask & edges[edge, 3]:
                            continue
                        successor = mask | edges[edge, 2]
                        slot = number
                        if successor != mask:
                            effect = edges[edge, 6]
                            if stamps[effect] != number:
                                stamps[effect] = number
                                slots[effect] = table[_find(successor, masks, table)]
                            slot = slots[effect]
                        if winning_groups[slot * words + edges[edge, 4]] & edges[edge, 5]:
                            winning_groups[row + word] |= group_bit
                            is_changed = True
                            break
        for word in range(words):
            bits = reached_groups[row + word]
            while bits:
                group_bit = bits & -bits
                bits ^= group_bit
                group = word * INTEGER_BITS + _bit_count(group_bit - 1)
                notes[0, group] += 1
                if winning_groups[row + word] & group_bit:
                    continue
                notes[1, group] += 1
                if _is_better(mask, info[LAYER], notes[2, group]):
                    notes[2, group] = mask
                if is_quiet[group] and _is_better(mask, info[LAYER], notes[3, group]):
                    is_idle = True
                    for i in range(quiet_first[group], quiet_first[group + 1]):
                        lacks = quiet[i, 2] == 0 or mask & quiet[i, 2] != quiet[i, 2]
                        if mask & quiet[i, 0] == quiet[i, 0] and not mask & quiet[i, 1] and lacks:
                            is_idle = False
                            break
                    if is_idle:
                        notes[3, group] = mask


@compiled
def _is_better(mask: int, bits: int, best: int) -> bool:
    """Say whether a mask of so many bits comes before the best so far, -1 for none; bits never grow between calls."""
    return best < 0 or mask < best or _bit_count(best) > bits
