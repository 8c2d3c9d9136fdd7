"""Generating with ``model="hosted"``: through a client, judged and reported."""

from __future__ import annotations

import pickle

import pytest

import worldkit as wk
from tests.api.plain import Plain
from tests.api.scripted import KEY, serving
from worldkit.generation.pipeline import backend
from worldkit.generation.pipeline.run import Commission, hosted

MODEL = backend.named("hosted")


def test_a_world_of_the_host_is_judged_and_what_is_wrong_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, steps = Plain(), list[tuple[int, int, str]]()
    plain.steps = [{"status": "running", "phase": "writing", "progress": 0.25}]
    with serving(plain.handle) as server:
        monkeypatch.setenv("ALAKAZAM_API_KEY", KEY)
        monkeypatch.setattr("worldkit.stores.api.base.HOSTED_URL", server.url)
        monkeypatch.setattr("worldkit.stores.api.calls.POLL_PAUSES", (0.0,))
        outcome = hosted(Commission("premise", "a lighthouse", MODEL, 7, 6), lambda *step: steps.append(step))
        world, report = outcome.world, outcome.report
        assert world == plain.worlds["w1"] and steps[-2:] == [(25, 100, "writing"), (100, 100, "done")]
        assert (report.model, report.seed, report.score) == ("hosted", 7, world.verify("a lighthouse").score)
        assert report.notes[:2] == (f"kept at {wk.Client().label} as w1", "6 states were asked for, the host made 1")
        assert report.notes[2:] == world.verify("a lighthouse").issues and "kept at" in str(report)
        assert server.seen[0].body == {"premise": "a lighthouse", "seed": 7, "async": True}
        assert pickle.loads(pickle.dumps((world, report))) == (world, report)


def test_without_a_key_nothing_is_tried() -> None:
    with pytest.raises(wk.AuthError, match="set ALAKAZAM_API_KEY"):
        hosted(Commission("premise", "a lighthouse", MODEL, 1, 6), lambda *_: None)


def test_the_key_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Plain()
    with serving(plain.handle) as server:
        monkeypatch.setenv("ALAKAZAM_API_KEY", KEY)
        monkeypatch.setattr("worldkit.stores.api.base.HOSTED_URL", server.url)
        monkeypatch.setattr("worldkit.stores.api.calls.POLL_PAUSES", (0.0,))
        world = hosted(Commission("premise", "a lighthouse", MODEL, 1, 1), lambda *_: None).world
        assert world.name == "A premise" and server.seen[0].headers["authorization"] == f"Bearer {KEY}"
