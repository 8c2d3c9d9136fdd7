"""Which model can write for a player: one that is named and large enough, else how to set one up."""

from __future__ import annotations

from worldkit.core.errors import WorldError
from worldkit.core.progress import Progress
from worldkit.generation.engines.base import Chat
from worldkit.generation.pipeline import backend

SET_UP = """\
{purpose} needs a language model that can write; {what}.
1. Run one, such as Qwen3 1.7B, with any server that speaks OpenAI's protocol: llama.cpp, Ollama, vLLM.
2. Name it: wk.play(world, model="chat:http://127.0.0.1:8080/v1#NAME"); a key goes into WORLDKIT_CHAT_KEY.
3. Or let it run here: model="local:Qwen/Qwen3-1.7B", after pip install "smworldkit[local]"."""

NO_WRITER = "the templates write nothing new"


class NoCapableModel(WorldError):
    """No model was named that can write a scene; the message says in three lines how to set one up."""


def require_writer(model: str, key: str | None = None) -> None:
    """Refuse a model's name that can mean none that writes, without loading or asking anything.

    Raises:
        NoCapableModel: It means the templates.
    """
    if backend.named_for_text(model, key).kind == "templates":
        raise NoCapableModel(SET_UP.format(purpose="Typing an action", what=NO_WRITER))


def capable_chat(model: str | None, key: str | None, progress: Progress, purpose: str = "Typing an action") -> Chat:
    """Return the model that a name means, where it can write; ``purpose`` begins the sentence of the error.

    Raises:
        NoCapableModel: It is too small, or none was named.
    """
    what = "no model was named"
    if model is not None:
        meaning = backend.named_for_text(model, key)
        if chat := backend.chat_of(meaning, progress):
            return chat
        what = NO_WRITER if meaning.kind == "templates" else f"{model!r} means one that is too small here"
    raise NoCapableModel(SET_UP.format(purpose=purpose, what=what))
