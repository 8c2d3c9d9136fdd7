"""Pictures are measured by the specification's formulas, with numpy and without."""

from __future__ import annotations

import random
import sys

import numpy as np
import pytest

from worldkit import LandWhen, MissingExtra, Sample, WrongArgument
from worldkit.playing import luminance, motion, sample
from worldkit.playing.evidence_gates import SETTLED_GATE, evidence_gate, zone_gate


def picture(seed: int, pixels: int = 12, channels: int = 3) -> bytes:
    return random.Random(seed).randbytes(pixels * channels)


def test_luminance_is_the_mean_luma_of_rec_601() -> None:
    assert luminance(bytes([255, 0, 0])) == pytest.approx(0.299 * 255)
    assert luminance(bytes([0, 255, 0])) == pytest.approx(0.587 * 255)
    assert luminance(bytes([0, 0, 255])) == pytest.approx(0.114 * 255)
    assert luminance(bytes([255, 255, 255, 0, 0, 0])) == pytest.approx(127.5)


def test_motion_is_the_mean_absolute_change_of_luma() -> None:
    assert motion(bytes([255, 0, 0, 0, 0, 0]), bytes([0, 0, 0, 0, 255, 0])) == pytest.approx((0.299 + 0.587) * 255 / 2)
    # a red and a green of one luma: the colour changes, the luma does not
    assert motion(np.full((2, 2, 3), [58.7, 0, 0]), np.full((2, 2, 3), [0, 29.9, 0])) == pytest.approx(0)


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("seed", range(4))
def test_bytes_and_arrays_measure_the_same(channels: int, seed: int) -> None:
    one, two = picture(seed, channels=channels), picture(seed + 100, channels=channels)
    shape = (3, 4) if channels == 1 else (3, 4, channels)
    first, second = (np.frombuffer(data, np.uint8).reshape(shape) for data in (one, two))
    assert luminance(one, channels) == pytest.approx(luminance(first))
    assert motion(one, two, channels) == pytest.approx(motion(first, second))
    assert motion(one, one, channels) == 0
    assert luminance(bytearray(one), channels) == luminance(memoryview(one), channels)


def test_nested_lists_are_pictures_too() -> None:
    assert luminance([[10, 20], [30, 40]]) == 25


def test_a_sample_of_a_picture_holds_motion_only_when_there_was_one_before() -> None:
    first = sample(bytes([10, 10, 10]), labels=["gate"])
    assert (first.luminance, first.motion) == (pytest.approx(10), None)
    assert first.labels == (("gate", 1.0),)
    assert sample(bytes([30, 30, 30]), bytes([10, 10, 10])).motion == pytest.approx(20)


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"ab",
        np.zeros((2, 2, 5)),
        np.zeros(3),
        np.zeros((0, 4)),
        np.full((2, 2), np.nan),
        np.full((2, 2), np.inf),
        "picture.png",
        None,
        {},
        [[1, 2], [3]],
        [[1, "x"]],
    ],
)
def test_what_is_no_picture_is_refused(bad: object) -> None:
    with pytest.raises(WrongArgument, match="expected"):
        luminance(bad)
    with pytest.raises(WrongArgument, match="expected"):
        sample(bad)
    with pytest.raises(WrongArgument, match="expected"):
        motion(np.ones((2, 2)) if isinstance(bad, np.ndarray) and bad.shape == (2, 2) else bad, bad)


def test_pictures_of_two_sizes_or_forms_are_refused() -> None:
    with pytest.raises(ValueError, match="one size"):
        motion(bytes(3), bytes(6))
    with pytest.raises(ValueError, match="one size"):
        motion(np.zeros((2, 2)), np.zeros((2, 3)))
    with pytest.raises(ValueError, match="one form"):
        motion(np.zeros((1, 1)), bytes(3))
    with pytest.raises(ValueError, match="channels"):
        luminance(bytes(4), 2)


def test_bytes_need_no_numpy_and_arrays_say_that_they_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    assert luminance(bytes(3)) == motion(bytes(3), bytes(3)) == 0
    with pytest.raises(MissingExtra, match="numpy"):
        luminance([[1]])


def test_numbers_of_numpy_are_numbers() -> None:
    assert Sample(np.float32(4.5), np.int64(3)) == Sample(4.5, 3)  # type: ignore[arg-type]


def spec(**fields: object) -> LandWhen:
    return LandWhen.model_validate(fields)


def test_a_gate_needs_at_least_one_hit_and_whole_ones() -> None:
    assert [evidence_gate(spec(hits=hits)).hits for hits in (-3, 0, 1.2, 2, 1e308)] == [1, 1, 2, 2, 2**53 - 1]
    assert [evidence_gate(spec(timeoutMs=ms)).timeout_ms for ms in (-1, 0, 0.5)] == [0, 0, 1]


def test_a_gate_without_clauses_never_holds() -> None:
    sample = Sample(100, 0, (("gate", 1.0),))
    assert not evidence_gate(spec(hits=1)).accepts(sample)
    assert not evidence_gate(spec(label="  ")).accepts(sample)
    assert not zone_gate(spec(label="gate", minExtent=0.1)).accepts(sample)


def test_an_extent_belongs_to_a_label_and_is_no_clause_alone() -> None:
    assert evidence_gate(spec(label="x", minExtent=0.5)).accepts(Sample(labels={"x": 0.5}))  # type: ignore[arg-type]
    assert not evidence_gate(spec(label="x", minExtent=0.5)).accepts(Sample(labels={"x": 0.4}))  # type: ignore[arg-type]
    assert not evidence_gate(spec(minExtent=0.5)).accepts(Sample(labels={"x": 0.5}))  # type: ignore[arg-type]
    dark = evidence_gate(spec(minExtent=0.3, minLuminance=200))
    assert not dark.accepts(Sample(10, labels={"a cat": 0.5}))  # type: ignore[arg-type]
    assert not evidence_gate(spec(label="x")).accepts(Sample(labels={"x": 0.0}))  # type: ignore[arg-type]


def test_rest_is_motion_below_12() -> None:
    assert [SETTLED_GATE.accepts(Sample(motion=value)) for value in (0, 11.999999, 12, 12.1)] == [
        True,
        True,
        False,
        False,
    ]
    assert not SETTLED_GATE.accepts(Sample(luminance=3))
