"""Rows of a batch in their places: what each holds is what it was read, wherever it moves."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from transformers.integrations.sdpa_attention import sdpa_attention_forward  # noqa: E402

from worldkit.generation.engines.torch_cache import CACHE_BLOCK_TOKENS, FixedRows, attend  # noqa: E402

pytestmark = pytest.mark.model  # none is run, but every worker of the fast tests would import torch and transformers

HEADS, CHANNELS, DEPTH = 2, 4, 2


def _text(length: int, mark: float) -> list[tuple[Any, Any]]:
    numbers = mark + torch.arange(length, dtype=torch.float32)[None, :, None].expand(HEADS, length, CHANNELS)
    return [(numbers + 1000 * layer, -numbers - 1000 * layer) for layer in range(DEPTH)]


def _own(slots: FixedRows, row: int) -> list[list[float]]:
    """Return the numbers a row holds, by layer."""
    positions = slots.seen[row].bool()
    return [layer.keys[row, 0, positions, 0].tolist() for layer in slots.cache.layers]


def _write(slots: FixedRows, own: Any, numbers: Any) -> None:
    slots.take(own)
    for n, _ in enumerate(slots.cache.layers):
        new = (numbers + 1000.0 * n)[:, None, :, None].expand(-1, HEADS, -1, CHANNELS)
        slots.cache.update(new, -new, n)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 40), st.integers(1, 12)), min_size=1, max_size=6),
    st.lists(st.integers(0, 5), max_size=40),
    st.data(),
)
def test_a_row_holds_its_text_and_what_followed_wherever_it_moved(
    rows: list[tuple[int, int]], leaving: list[int], data: st.DataObject
) -> None:
    width = -(-max(a + b for a, b in rows) // CACHE_BLOCK_TOKENS) * CACHE_BLOCK_TOKENS
    rest = max(tail for _, tail in rows)
    slots = FixedRows.begun([_text(length, 100.0 * n) for n, (length, _) in enumerate(rows)], width, rest)
    own = torch.tensor([[0] * (rest - tail) + [1] * tail for _, tail in rows])
    fresh = torch.tensor([[50.0 + 100 * n + at for at in range(rest)] for n in range(len(rows))])
    _write(slots, own, fresh)
    contents = [
        [100.0 * n + at for at in range(length)] + fresh[n, rest - tail :].tolist()
        for n, (length, tail) in enumerate(rows)
    ]
    picks = data.draw(st.lists(st.integers(0, len(rows) - 1), min_size=1, max_size=8))
    slots = FixedRows.joined([slots], [picks])
    contents = [list(contents[n]) for n in picks]
    for step, leaving_row in enumerate(leaving):
        if len(contents) > 1 and leaving_row < len(contents):
            order = list(range(len(contents)))
            order[leaving_row] = order[-1]
            order.pop()
            slots.keep(order)
            contents = [contents[n] for n in order]
        new = torch.tensor([[7000.0 + 10 * step + n] for n in range(len(contents))])
        _write(slots, torch.ones(len(contents), 1, dtype=torch.long), new)
        for n, line in enumerate(contents):
            line.append(new[n, 0].item())
    for n, line in enumerate(contents):
        assert _own(slots, n) == [line, [number + 1000 for number in line]]
    assert slots.seen.shape[1] % CACHE_BLOCK_TOKENS == 0, "keys are whole and lie in one piece"


def test_rows_of_groups_end_in_one_column_when_they_are_joined() -> None:
    parts = [
        FixedRows.begun([_text(length, mark)], width, 2) for length, mark, width in ((20, 0.0, 32), (50, 500.0, 64))
    ]
    for part in parts:
        _write(part, torch.ones(1, 2, dtype=torch.long), torch.tensor([[1.0, 2.0]]))
    joined_slots = FixedRows.joined(parts, [[0, 0], [0]])
    assert joined_slots.length == 64
    assert joined_slots.seen[:, 63].tolist() == [1, 1, 1]
    assert _own(joined_slots, 0) == _own(joined_slots, 1) == _own(parts[0], 0)
    assert _own(joined_slots, 2) == _own(parts[1], 0)


def test_a_row_that_would_move_down_is_refused() -> None:
    slots = FixedRows.begun([_text(3, 0.0), _text(3, 9.0)], 32, 1)
    with pytest.raises(ValueError, match="row 0 cannot move down to 1"):
        slots.keep([0, 0])


class _Heads(torch.nn.Module):
    """The part of a transformer's layer that attention looks at."""

    num_key_value_groups = 3
    is_causal = True


@settings(deadline=None)
@given(st.integers(1, 5), st.sampled_from([1, 3, 40]), st.integers(0, 9), st.integers(0, 2**31))
def test_attention_is_what_torch_makes_of_it(rows: int, length: int, masked: int, seed: int) -> None:
    torch.manual_seed(seed)
    width = 64
    query = torch.randn(rows, 9, length, 8)
    key, value = torch.randn(rows, 3, width, 8), torch.randn(rows, 3, width, 8)
    mask = torch.ones(length, width, dtype=torch.bool).tril(width - length)[None, None].repeat(rows, 1, 1, 1)
    mask[..., :masked] = False
    ours, _ = attend(_Heads(), query, key, value, mask, scaling=0.3)
    theirs, _ = sdpa_attention_forward(_Heads(), query, key, value, mask, scaling=0.3)
    torch.testing.assert_close(ours, theirs)


def test_attention_without_a_mask_looks_back_only() -> None:
    query, key, value = torch.randn(2, 9, 16, 8), torch.randn(2, 3, 16, 8), torch.randn(2, 3, 16, 8)
    ours, _ = attend(_Heads(), query, key, value, None)
    theirs, _ = sdpa_attention_forward(_Heads(), query, key, value, None)
    torch.testing.assert_close(ours, theirs)
    changed = value.clone()
    changed[:, :, -1] += 5
    again, _ = attend(_Heads(), query, key, changed, None)
    assert torch.equal(again[:, :-1], ours[:, :-1])


@pytest.mark.parametrize("threads", [1, 2])
def test_attention_of_a_row_is_the_same_beside_others(threads: int) -> None:
    torch.manual_seed(1)
    was = torch.get_num_threads()
    query, key = torch.randn(48, 9, 1, 64).bfloat16(), torch.randn(48, 3, 256, 64).bfloat16()
    mask = torch.rand(48, 1, 1, 256) > 0.2
    one, _ = attend(_Heads(), query, key, key, mask)
    torch.set_num_threads(threads)
    try:
        pick = [40, 3, 17, 29, 8]
        few, _ = attend(_Heads(), query[pick], key[pick], key[pick], mask[pick])
    finally:
        torch.set_num_threads(was)
    assert torch.equal(few, one[pick])
