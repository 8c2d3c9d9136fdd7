"""``console_voice``: a language model speaks for consoles (docs/spec/runtime.md#firing-in-this-order)."""

from __future__ import annotations

from worldkit.core.argument_checks import checked
from worldkit.core.progress import Progress, ignore
from worldkit.generation.action.capable_model import capable_chat
from worldkit.generation.direct.wording import plain, shorten
from worldkit.generation.engines.base import AnswerOptions, ChatRequest
from worldkit.generation.text.data import read_typed
from worldkit.playing.console import NO_RECORD, Console, Voice

MAX_TOKENS, TEMPERATURE = 400, 0.6
LONGEST = 600
"""Characters of an answer."""


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
        return shorten(plain(answer.text), LONGEST) or NO_RECORD

    return voice
