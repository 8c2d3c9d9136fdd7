"""What differs between two mappings that share values, against looking up every key."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.growing import MAX_GROWTH, Work, growth
from worldkit.core.shared_parts import changed_keys

mappings = st.lists(st.tuples(st.sampled_from("abcdefg"), st.sampled_from([object() for _ in range(4)]))).map(dict)


@given(mappings, mappings)
def test_changed_keys_are_those_that_looking_up_every_key_finds(
    before: dict[str, object], after: dict[str, object]
) -> None:
    changes = changed_keys(before, after)
    assert changes.removed_keys == [key for key in before if key not in after]
    assert changes.changed_keys == [key for key in after if key not in before or before[key] is not after[key]]
    assert changes.keeps_order == ([key for key in before if key in after] == [key for key in after if key in before])


def test_a_key_that_moved_to_another_place_does_not_keep_the_order() -> None:
    a, b, moved = object(), object(), object()
    assert not changed_keys({"moved": moved, "a": a, "b": b}, {"a": a, "b": b, "moved": moved}).keeps_order


def test_changed_keys_take_as_long_as_there_are_keys() -> None:
    def prepare(count: int) -> Work:
        before = {f"state {number}": object() for number in range(count)}
        after = {key: value if number % 3 else object() for number, (key, value) in enumerate(before.items())}
        reordered = dict(reversed(after.items()))
        return lambda: (changed_keys(before, after), changed_keys(before, reordered))

    # sixteen times as many still fit in a processor's cache, beyond which each costs several times as much
    assert growth(prepare, 1_000) <= MAX_GROWTH
