"""Which model can write for a player: one that is named and large enough; and what it says for consoles.

A console that a model speaks for: docs/spec/runtime.md#firing-in-this-order.
"""

from __future__ import annotations

from worldkit.core.argument_checks import checked
from worldkit.core.errors import WorldError
from worldkit.core.progress import Progress, ignore
from worldkit.generation.direct.wording import plain, shorten
from worldkit.generation.engines.base import AnswerOptions, Chat, ChatRequest
from worldkit.generation.pipeline import backend
from worldkit.generation.text.data import read_typed
from worldkit.playing.console import NO_RECORD, Console, Voice

SETUP_INSTRUCTIONS = """\
{purpose} needs a language model that can write; {what}.
1. Run one, such as Qwen3 1.7B, with any server that speaks OpenAI's protocol: llama.cpp, Ollama, vLLM.
2. Name it: wk.play(world, model="chat:http://127.0.0.1:8080/v1#NAME"); a key goes into WORLDKIT_CHAT_KEY.
3. Or let it run here: model="local:Qwen/Qwen3-1.7B", after pip install "smworldkit[local]"."""

MAX_TOKENS, TEMPERATURE = 400, 0.6
MAX_ANSWER_CHARACTERS = 600
"""Characters of an answer of a console."""
NO_WRITER = "the templates write nothing new"


class NoCapableModel(WorldError):
    """No model was named that can write a scene; the message says in three lines how to set one up."""


def require_writer(model: str, key: str | None = None) -> None:
    """Refuse a model's name that can mean none that writes, without loading or asking anything.

    Raises:
        NoCapableModel: It means the templates.
    """
    if backend.named_for_text(model, key).kind == "templates":
        raise NoCapableModel(SETUP_INSTRUCTIONS.format(purpose="Typing an action", what=NO_WRITER))


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
    raise NoCapableModel(SETUP_INSTRUCTIONS.format(purpose=purpose, what=what))


@checked
def console_voice(model: str, seed: int = 1, *, key: str | None = None, progress: Progress | None = None) -> Voice:
    """Return a voice for ``Session.ask``: a language model that speaks for consoles.

    The model is told who the console is, what it may say now, and the question. A fact whose flags are not all held is
    not among that, so no question can get it out of the model. Each question is asked by itself.

    Args:
        model: As for ``propose_action``.
        seed: Goes with the questions.
        key: The key of a chat endpoint; by default that of the environment, ``WORLDKIT_CHAT_KEY``.
        progress: Told that a model is being loaded.

    Returns:
        The voice. It raises a ``WorldError`` when the model does not answer; then nothing was asked.

    Raises:
        NoCapableModel: The model is too small; says how to set one up.
        WorldError: The name means nothing, or the model cannot be loaded.

    Example:
        >>> def ask(session, question):
        ...     voice = wk.console_voice("chat:http://127.0.0.1:8080/v1#qwen3")
        ...     return session.ask(question, voice)
    """
    chat = capable_chat(model, key, progress or ignore, "A console that answers freely")

    def voice(console: Console, question: str) -> str:
        facts = "\n".join(f"- {fact}" for fact in console.facts) or "(none)"
        system = read_typed(str, "prompts.toml", "console").format(persona=console.persona, facts=facts)
        options = AnswerOptions(MAX_TOKENS, seed, TEMPERATURE)
        answer = chat.reply(ChatRequest(system, [{"role": "user", "content": question}], options=options))
        return shorten(plain(answer.text), MAX_ANSWER_CHARACTERS) or NO_RECORD

    return voice
