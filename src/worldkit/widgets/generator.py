"""``Generator``: a form that generates worlds, in a cell or in a tab of a workbench."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import traitlets

from worldkit.core.argument_checks import checked_methods
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json
from worldkit.generation.pipeline.run import GenerationRun
from worldkit.widgets import parsing, protocol
from worldkit.widgets.bundle import bundle
from worldkit.widgets.display import mimebundle
from worldkit.widgets.generation_job import GenerationJob
from worldkit.widgets.generation_loader import model_offers
from worldkit.widgets.generation_progress import GenerationProgress
from worldkit.widgets.kernel_widget import KernelWidget
from worldkit.widgets.message_receiver import MessageReceiver, refusal
from worldkit.widgets.store_sync import STORE_REFUSALS
from worldkit.world import World

Taker = Callable[[World], object]


@checked_methods
class Generator(MessageReceiver[tuple[Json, Exception | None]], KernelWidget):
    """A form that generates a world from a premise or a chapter, with its progress and a way to stop it.

    Args:
        take: Called with the world that a person takes. What it raises of ``STORE_REFUSALS`` says that the world was
            refused; any other ``WorldError`` that it was taken and could not be saved.
        form: Whether there is a form; without it only one generation is shown.
        theme: ``"auto"`` follows the notebook.
    """

    _esm = bundle("generate.js")
    _css = bundle("generate.css")

    models: Any = traitlets.List().tag(sync=True)
    form: Any = traitlets.Bool(True).tag(sync=True)
    in_cell: Any = traitlets.Bool(False).tag(sync=True)
    generation: Any = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
    theme: Any = traitlets.Enum(["auto", "light", "dark"], "auto").tag(sync=True)

    def __init__(self, take: Taker, *, form: bool = True, theme: str = "auto") -> None:
        self._init_receiver()
        self._on_take = take
        super().__init__(models=model_offers() if form else [], form=form, theme=theme)
        self.on_msg(self._receive)
        self.observe(self._on_close, "comm")

    def show_progress(self, progress: GenerationProgress) -> None:
        """Show a generation that runs elsewhere, such as in a cell."""
        self._watched_progress, self.in_cell = progress, True
        self.generation = progress.state()

    def offer(self, run: GenerationRun, progress: GenerationProgress) -> None:
        """Offer to go on with a generation that was stopped elsewhere, or to take what there is."""
        self._watched_progress, self.in_cell = None, False
        self._job.rest_at(run, progress)

    # ---- inside --------------------------------------------------------------------------------

    _watched_progress: GenerationProgress | None = None

    @cached_property
    def _job(self) -> GenerationJob:
        return GenerationJob(self._show)

    def _show(self) -> None:
        self.generation = self._job.state

    def _carry_out(self, content: Any, to: protocol.Address) -> tuple[Json, Exception | None]:
        """Do what a message asks for; return the reply, and what kept a world from being saved that was taken."""
        problem: Exception | None = None
        match parsing.read_generator(content):
            case protocol.DecideGeneration(choice="stop") if self._watched_progress is not None:
                self._watched_progress.stop()
            case protocol.Generate() | protocol.DecideGeneration() as request:
                world = self._job.carry_out(request)
                if world is not None:
                    problem = self._hand_over(world)
        return protocol.reply("accepted", to), problem

    def _refuse_message(self, error: Exception, content: Any, to: protocol.Address) -> tuple[Json, Exception | None]:
        return refusal(error, to), None

    def _deliver(self, result: tuple[Json, Exception | None], to: protocol.Address) -> None:
        self.send(result[0])

    def _follow(self, result: tuple[Json, Exception | None]) -> Exception | None:
        return result[1]

    def _hand_over(self, world: World) -> Exception | None:
        """Hand a world over, and put the generation away; return what kept the world from being saved.

        Raises:
            OpError, RuleViolation, InvalidWorld: It was refused, and is still here.
        """
        problem: Exception | None = None
        try:
            self._on_take(world)
        except STORE_REFUSALS:
            raise
        except WorldError as error:  # it was taken all the same
            problem = error
        self._job.clear()
        return problem

    def _on_close(self, change: Any) -> None:
        if change["new"] is None and "_job" in self.__dict__:
            self._job.stop()

    def __repr__(self) -> str:
        state = self.generation
        return "Generator" if state is None else f"Generator: {state['status']}, {state['done']} of {state['total']}"

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        return mimebundle(self.model_id, repr(self)), {}
