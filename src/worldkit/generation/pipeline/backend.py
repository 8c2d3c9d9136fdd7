"""Which writer a model's name means: a model that runs here, an endpoint, the hosted service, or the templates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from worldkit.core.argument_checks import refusal
from worldkit.core.errors import WorldError
from worldkit.core.progress import Progress
from worldkit.core.quoting import did_you_mean, quote
from worldkit.generation.direct.plan import MAX_PLAN_STATES
from worldkit.generation.direct.plan_form import check_features
from worldkit.generation.direct.writer import DirectWriter
from worldkit.generation.engines import local_runner, weights
from worldkit.generation.engines.base import Chat, Engine
from worldkit.generation.engines.chat_engine import ChatEngine
from worldkit.generation.engines.memory import Memory, RememberingEngine
from worldkit.generation.prose.writer import MAX_CANDIDATES, Writer
from worldkit.model_access.endpoint import Endpoint, endpoint
from worldkit.model_access.secret_texts import is_key, public_part
from worldkit.model_access.weights import weights_path

NAMED_LOCAL_KINDS = ("local", "torch", "vllm")
"""Models that run on this machine, and whose name may say where they lie."""
LOCAL_KINDS = ("tiny", *NAMED_LOCAL_KINDS)
"""Models that run on this machine."""
REMOTE_KINDS = ("chat", "hosted")
"""Models that are asked over the network."""
KINDS = (*LOCAL_KINDS, *REMOTE_KINDS, "templates")
PLANNERS = ("auto", "model", "seed")
MAX_CONCURRENT_PLACES = 4
"""Places that an endpoint is asked for at the same time; what runs here answers one question at a time."""


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A model's name, taken apart.

    Attributes:
        name: As it was given, and as it may be shown.
        kind: One of ``KINDS``.
        planner: Who plans: ``"model"``, ``"seed"``, or ``"auto"`` for the model when it is a strong one.
        endpoint: Where a chat model answers; it holds the key and shows it nowhere.
        features: What a world has beside places and moves, names out of ``FEATURES``.
    """

    name: str
    kind: str
    planner: str = "auto"
    endpoint: Endpoint | None = field(default=None, compare=False)
    features: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        """Its name with the features and a planner that was named, by which a file of results tells worlds apart."""
        planner = [] if self.planner == "auto" else [f"planner={self.planner}"]
        return "+".join([self.name, *sorted(self.features), *planner])


def named(model: str, key: str | None = None, planner: str = "auto", features: Iterable[str] = ()) -> ModelSpec:
    """Return what a model's name means, without loading or asking anything.

    Raises:
        WrongArgument: There is no such planner, or no such feature.
        WorldError: The name is of no known form.
    """
    feature_names = check_features(features)
    if planner not in PLANNERS:
        raise refusal("planner", f"one of {', '.join(map(repr, PLANNERS))}", planner)
    kind, colon, rest = model.partition(":")
    if kind not in KINDS or (colon and kind not in (*NAMED_LOCAL_KINDS, "chat")):
        near = did_you_mean(kind, KINDS) if kind not in KINDS else ""
        if is_key(model):
            near = "; it is a key, which goes into key= or WORLDKIT_CHAT_KEY"
        expected = f"{near} Expected" if near.endswith("?") else f"{near}; expected"
        raise WorldError(
            f'model {quote(public_part(model))} is not known{expected} "tiny", "local", or "local:" followed by '
            'a folder or a Hugging Face id ("torch:" or "vllm:" to say what runs it), "chat:<base url>#<model>", '
            '"hosted" or "templates"'
        )
    if kind != "chat":
        if key is not None:
            raise WorldError(f'key= is for a model named "chat:<base url>#<model>"; model={model!r} takes none')
        if rest:
            weights_path(rest)  # refuses a path at which there is nothing
        return ModelSpec(model, kind, planner, features=feature_names)
    where = endpoint(rest, key)
    return ModelSpec(f"chat:{where.shown}#{where.model}", kind, planner, where, feature_names)


def named_for_text(model: str, key: str | None = None, features: Iterable[str] = ()) -> ModelSpec:
    """Return what a model's name means, where a text is to be changed or followed."""
    meaning = named(model, key, features=features)
    if meaning.kind == "hosted":
        raise WorldError('model "hosted" generates whole worlds only; name another, such as "local" or a chat endpoint')
    return meaning


def opened(model: ModelSpec, progress: Progress, memory: Memory | None = None) -> Writer:
    """Return what writes for a model; what it answers is taken from a memory, and goes there."""
    if model.kind == "templates":
        return Writer()
    if model.endpoint is not None:
        progress(0, 1, f"connecting to {model.endpoint.shown}")
        engine: Engine = ChatEngine(model.endpoint)
    else:
        progress(0, 1, local_runner.first_step(model.name))
        engine = local_runner.load(model.name)
    choice = 1 if isinstance(engine, ChatEngine) else MAX_CANDIDATES
    if memory is not None:
        memory.choice = choice
        engine = RememberingEngine(engine, memory)
    return Writer(engine, choice)


def from_memory(memory: Memory) -> Writer:
    """Return what writes what a model has answered already, and the rest from the templates; no model is opened."""
    if not memory.engine:
        return Writer()
    return Writer(RememberingEngine(None, memory), memory.choice)


def direct_writer(model: ModelSpec, writer: Writer, states: int) -> DirectWriter | None:
    """Return what writes a world with a capable model, or None when it is written string by string."""
    engine = writer.engine
    if model.planner == "seed" or engine is None:
        return None
    if not engine.capable and (model.planner == "auto" or states > MAX_PLAN_STATES):
        return None
    return DirectWriter(
        engine,
        may_be_silent=isinstance(engine, RememberingEngine) and not engine.is_open,
        at_once=MAX_CONCURRENT_PLACES if model.endpoint else 1,
        plans=states <= MAX_PLAN_STATES and (model.planner == "model" or not engine.is_weak),
    )


def chat_of(model: ModelSpec, progress: Progress) -> Chat | None:
    """Return the model that a name means, if it is one that can be asked for JSON; a small one is not even loaded."""
    if model.endpoint is not None:
        return ChatEngine(model.endpoint)
    if local_runner.is_packaged(model.name):
        return None
    engine = opened(model, progress).engine
    return engine if engine is not None and engine.capable else None


def notes_on_features(model: ModelSpec) -> tuple[str, ...]:
    """Return what there is to say of features that were asked for and that no capable model plans."""
    if not model.features:
        return ()
    return (f"{', '.join(sorted(model.features))}: left out, because only a capable model plans them",)


def notes_on(model: ModelSpec, writer: Writer) -> tuple[str, ...]:
    """Return what there is to say of a world that is written string by string, though more was asked for."""
    was_opened = writer.engine is not None or model.kind == "templates"
    notes = [*notes_on_features(model)] if was_opened else []
    if writer.name == weights.PACKAGED_MODEL:
        larger = "larger ones write better (docs/generation.md#models)"
        notes.append(f"the small model {weights.PACKAGED_MODEL} wrote it; {larger}")
    return tuple(notes)
