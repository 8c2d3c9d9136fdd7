"""The display of a generation in a cell: one output, buttons after an interrupt, and one line at the end."""

from __future__ import annotations

from typing import Any

import pytest

from tests.generate.test_resume import Stopping
from tests.notebook.test_generation import PREMISE, until
from worldkit import Interrupted, SavingEditor, generate_with_report
from worldkit.generation.pipeline import backend
from worldkit.widgets.display import TEXT, WIDGET
from worldkit.widgets.generation_cell import CellProgress


class Output:
    """A cell that keeps what it shows; ``display`` is called as IPython's."""

    def __init__(self) -> None:
        self.shown: list[dict[str, Any]] = []
        self.displays = 0

    def __call__(self, data: dict[str, Any], **_: Any) -> Output:
        self.displays += 1
        self.shown.append(data)
        return self

    def update(self, data: dict[str, Any], **_: Any) -> None:
        self.shown.append(data)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Stopping:
    """Have the model named "tiny" be interrupted after nine answers."""
    stopping = Stopping(9)
    monkeypatch.setattr(backend.local_runner, "load", lambda name: stopping)
    return stopping


def generate(output: Output) -> CellProgress:
    progress = CellProgress(output)
    generate_with_report(PREMISE, "tiny", 5, progress=progress)
    return progress


def test_a_generation_that_ends_leaves_one_line(engine: Stopping) -> None:
    engine.after = -1
    output = Output()
    progress = generate(output)
    assert output.displays == 1 and WIDGET in output.shown[0]
    assert output.shown[-1] == {TEXT: "generate: done"}
    assert progress._box.comm is None and progress._generator.comm is None, "nothing is left in the kernel"


def test_an_interrupt_offers_to_edit_what_there_is_in_the_same_output(engine: Stopping) -> None:
    output = Output()
    progress = CellProgress(output)
    with pytest.raises(Interrupted) as error:
        generate_with_report(PREMISE, "tiny", 5, progress=progress)
    assert output.displays == 1
    assert output.shown[-1][TEXT].startswith("generate: stopped") and WIDGET in output.shown[-1]
    progress._generator._receive(None, {"type": "generation", "id": "1", "view": "v", "choice": "use"})
    [editor] = progress._box.children
    assert isinstance(editor, SavingEditor) and editor.world == error.value.world


def test_an_interrupt_offers_to_go_on_in_the_same_output_and_the_same_call_goes_on_too(engine: Stopping) -> None:
    progress = CellProgress(Output())
    with pytest.raises(Interrupted):
        generate_with_report(PREMISE, "tiny", 5, progress=progress)
    engine.after = -1
    progress._generator._receive(None, {"type": "generation", "id": "1", "view": "v", "choice": "continue"})
    until(lambda: progress._generator.generation["status"] == "done")
    asked_before = len(engine.asked)
    generate(Output())
    assert len(engine.asked) == asked_before, "what the button had written needs no model any more"


def test_a_failure_leaves_one_line_and_its_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(Stopping):
        def answer(self, *_: Any, **__: Any) -> Any:
            raise RuntimeError("out of memory")

    monkeypatch.setattr(backend.local_runner, "load", lambda name: Broken(0))
    output = Output()
    with pytest.raises(RuntimeError, match="out of memory"):
        generate(output)
    assert output.shown[-1] == {TEXT: "generate: failed"}


def test_an_interrupted_generation_is_shown_in_two_lines_and_not_as_a_traceback(engine: Stopping) -> None:
    with pytest.raises(Interrupted) as error:
        generate_with_report(PREMISE, "tiny", 6)
    first, second = error.value._render_traceback_()
    assert first.startswith("Stopped.") and "run the cell again" in first and "sys.last_value.world" in second
