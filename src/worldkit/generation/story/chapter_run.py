"""``from_text``: a generation from a chapter, which can be stopped and gone on with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from worldkit.core.argument_checks import checked
from worldkit.core.progress import Progress, default_progress
from worldkit.generation.pipeline import backend
from worldkit.generation.pipeline.generate_one import Opener
from worldkit.generation.pipeline.run import UNFINISHED, Commission, GenerationRun, Outcome, finish
from worldkit.generation.story.retelling import Retelling, retell_text


@dataclass
class ChapterRun(GenerationRun):
    """A generation from a chapter; a long text becomes several worlds.

    Attributes:
        retelling: What was generated, with its beats and its campaign; None until then.
    """

    retelling: Retelling | None = None

    def generate(self, open_writer: Opener, progress: Progress) -> Outcome:
        self.retelling = retell_text(self.commission, open_writer, progress)
        worlds = tuple((chapter.title, chapter.world) for chapter in self.retelling.chapters)
        return Outcome(worlds, self.retelling.report)


@checked
def from_text(
    text: str,
    model: str = "local",
    seed: int = 1,
    *,
    features: Iterable[str] = (),
    key: str | None = None,
    progress: Progress | None = None,
) -> Retelling:
    """Turn prose into a world that follows it: its beats in order, with choices, a lock and endings around them.

    Args:
        text: English prose of at least 400 characters. Above 6,000, or 15,000 for a strong model, it becomes a
            campaign of acts, cut at its chapters and scene breaks.
        model: As for ``generate``, but not ``"hosted"``. A capable model tells each place in its own words, with its
            part of the text before it; a strong one also says where the beats begin, and plans what can be done between
            them. A small one writes cameras, asides and ways, and ``"templates"`` uses none: their places are the
            text's own sentences.
        seed: Same text, model and seed, same worlds, unless the model is a chat.
        features: As for ``generate``: what each world has beside places and moves, where a capable model writes it. In
            a story against time, ``"timers"`` are a way to lose that comes by itself.
        key: The key of a chat endpoint; by default that of the environment, ``WORLDKIT_CHAT_KEY``.
        progress: Called with how much is done, of how much, and what is being done.

    Returns:
        The beats, the bible and the world, or the campaign and its worlds. Each passes the schema, every error rule and
        the verify gate, and in none can a run get stuck.

    Raises:
        Interrupted: It was interrupted; holds the first world as far as it came. The same call goes on from there.
        WorldError: The text is too short or too long, or is not English; or the model cannot be reached.
        ValueError: A feature is not known.
        MissingExtra: The model needs packages that are not installed.

    Example:
        >>> text = "Mara walked down to the harbour at dusk. " * 6 + "She found the boathouse door unlocked. " * 6
        >>> wk.from_text(text, model="templates").world.name
        'The Harbour'
    """
    commission = Commission("chapter", text, backend.named_for_text(model, key, features), seed)
    run = UNFINISHED.recall(commission, ChapterRun)
    finish(run, progress or default_progress("from_text", resumable=True))
    assert isinstance(run, ChapterRun)
    assert run.retelling is not None
    return run.retelling
