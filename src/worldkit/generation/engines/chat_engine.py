"""The engine behind ``chat:``: an endpoint that speaks OpenAI's protocol, asked many short questions at once.

A capable model writes freely. A small one, which llama.cpp's server runs, is asked for the open parts of an answer
alone, and held to a grammar in each. Every answer is checked as those of any model are; what does not pass is asked for
again and comes from the templates in the end.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from worldkit.generation.engines.base import (
    MAX_WEAK_PARAMETERS,
    MIN_CAPABLE_PARAMETERS,
    AnswerOptions,
    Ask,
    ChatRequest,
    ModelAnswer,
    OnReply,
    OnText,
    Reply,
)
from worldkit.generation.engines.chat_stream import StreamedAnswer, report, sendable
from worldkit.generation.engines.llama_server import logit_bias, named_size, open_parts, parameter_count
from worldkit.generation.engines.openai_client import SCHEMA_REPAIRS, Json, OpenAIClient
from worldkit.generation.engines.replies import MAX_ANSWER_CHARACTERS, spoken
from worldkit.model_access import background_loop
from worldkit.model_access.endpoint import Endpoint
from worldkit.model_access.exchange import Broken

if TYPE_CHECKING:
    import httpx

MAX_CONCURRENT_QUESTIONS = 8
"""Questions that are under way at the same time."""
MAX_CONCURRENT_GRAMMAR_QUESTIONS = 4
"""The same where a model is held to grammars: as many conversations as llama.cpp's server keeps in memory if it is not
told otherwise. Of one that it has dropped, it would read all again for each open part."""
MAX_FIELD_CHARACTERS = 600
"""Characters after which an answer is cut, as it is at the end of its first line: no field takes as much."""


class ChatEngine:
    """A language model behind an endpoint, for one generation."""

    def __init__(self, where: Endpoint) -> None:
        self.name = f"{where.model} at {where.shown}"
        # a server is taken to run a capable model, unless it says otherwise, as llama.cpp's does
        count = parameter_count(where)
        self.capable = count is None or count >= MIN_CAPABLE_PARAMETERS
        self.is_weak = (count or named_size(where.model) or MAX_WEAK_PARAMETERS) < MAX_WEAK_PARAMETERS
        # servers on this machine (llama.cpp, Ollama, vLLM) take maxLength in a schema; hosted ones refuse some keywords
        self.holds_lengths = where.loopback
        self.endpoint_client = OpenAIClient(where)
        self._answer_count = 0
        self._failure = ""

    @property
    def is_broken(self) -> bool:
        """Whether the question that ended last was given up, in this generation or in another."""
        return self.endpoint_client.is_lost

    def answer(self, asks: Sequence[Ask], on_reply: OnReply = lambda *_: None) -> list[Reply]:
        """Return a reply to every ask, in order; see ``Engine``.

        Raises:
            EndpointError: The endpoint refuses what it is asked, before it has answered anything.
            Broken: It cannot be reached, before it has answered anything. Later on its loss is said in the replies.
        """
        replies: dict[int, Reply] = {}
        background_loop.run_telling(lambda tell: self._all(asks, replies, tell), on_reply)
        return [replies[number] for number in range(len(asks))]

    def reply(self, request: ChatRequest, on_text: OnText = lambda _: None) -> ModelAnswer:
        """Return the model's next turn; see ``Chat``."""
        body = _body(request.turns, request.options)
        if request.schema is not None:
            form = {"name": "answer", "strict": True, "schema": request.schema}
            body["response_format"] = {"type": "json_schema", "json_schema": form}
        arrival = StreamedAnswer(is_sent=False)

        async def work(on_event: Callable[..., None]) -> ModelAnswer:
            report_task = asyncio.create_task(report(arrival, on_event))
            try:
                async with self.endpoint_client.client() as client:
                    return await self.endpoint_client.ask(
                        client, body, _runs_on if request.schema is None else _is_no_json, arrival, keeps_parts=True
                    )
            finally:
                report_task.cancel()

        answer = background_loop.run_telling(work, on_text)
        self._answer_count += 1
        return answer

    async def _all(self, asks: Sequence[Ask], replies: dict[int, Reply], tell: OnReply) -> None:
        has_turn = asyncio.Semaphore(MAX_CONCURRENT_QUESTIONS if self.capable else MAX_CONCURRENT_GRAMMAR_QUESTIONS)

        async def one(number: int, ask: Ask, client: httpx.AsyncClient) -> None:
            async with has_turn:
                replies[number] = await self._one(ask, client)
            tell(number, replies[number])

        async with self.endpoint_client.client() as client:
            try:
                async with asyncio.TaskGroup() as group:
                    for number, ask in enumerate(asks):
                        group.create_task(one(number, ask, client))
            except ExceptionGroup as errors:
                raise errors.exceptions[0] from None

    async def _answer(self, ask: Ask, client: httpx.AsyncClient) -> ModelAnswer:
        told_beginning = replace(ask, question=f'{ask.question}\nBegin with exactly: "{ask.prefix}"')
        # a model that thinks before it speaks needs room for that too; what runs on is cut as it streams
        body = _body(told_beginning.turns, AnswerOptions(1024, ask.seed))
        return await self.endpoint_client.ask(client, body, _enough)

    async def _held_answer(self, ask: Ask, client: httpx.AsyncClient) -> ModelAnswer:
        """Return an answer of which the model has written what is open, and nothing else.

        Each open part is asked for as the rest of a turn that is begun, which llama.cpp's server goes on with.
        """
        parts, end = open_parts(ask.grammar, ask.prefix)
        text, token_count = "", 0
        for part in parts:
            text += part.before
            begun_turn = [{"role": "assistant", "content": text}] if text else []
            body = _body([*ask.turns, *begun_turn], AnswerOptions(ask.max_tokens, ask.seed)) | {
                "grammar": part.grammar,
                "logit_bias": await logit_bias(part.words, self.endpoint_client.where, client),
                # a turn that is begun leaves no room for thoughts, and the server refuses it where there may be some
                "chat_template_kwargs": {"enable_thinking": False},
            }
            # taken from the stream, because an answer is returned without the space that it begins with
            arrival = StreamedAnswer()
            answer = await self.endpoint_client.ask(client, body, _is_too_long, arrival)
            text += sendable(arrival.text).removesuffix(part.after)
            token_count += answer.tokens
            if not answer.is_complete:
                return ModelAnswer(text, False, token_count)
        return ModelAnswer(text + end, True, token_count)

    async def _one(self, ask: Ask, client: httpx.AsyncClient) -> Reply:
        if self._failure:
            return Reply("", False, 0.0, 0, self._failure)
        try:
            # a server that refused a grammar is asked without one from then on
            is_held = not self.capable and {*SCHEMA_REPAIRS}.isdisjoint(self.endpoint_client.repaired)
            answer = await (self._held_answer if is_held else self._answer)(ask, client)
        except Broken as error:
            if not self._answer_count:
                raise
            loss = f"the rest came from the templates after {self._answer_count} answers, because {error}"
            self._failure = self._failure or loss
            return Reply("", False, 0.0, 0, self._failure)
        self._answer_count += 1
        return _reply(answer, ask)


def _body(turns: Sequence[Mapping[str, str]], options: AnswerOptions) -> Json:
    body = {
        "messages": turns,
        "temperature": options.temperature,
        "max_tokens": options.max_tokens,
        "seed": options.seed % 2**31,
    }
    return body | ({"frequency_penalty": options.frequency_penalty} if options.frequency_penalty else {})


def _is_too_long(text: str) -> bool:
    return len(text) > MAX_FIELD_CHARACTERS or "\n" in text.strip()


def _runs_on(text: str) -> bool:
    return len(text) > MAX_ANSWER_CHARACTERS


def _is_no_json(text: str) -> bool:
    spoken_text = spoken(text)
    return _runs_on(text) or (len(spoken_text) > 2000 and "{" not in spoken_text)


def _enough(text: str) -> bool:
    line, remainder = _sentences(text)
    return bool(line and remainder) or len(spoken(text)) > MAX_FIELD_CHARACTERS


def _reply(answer: ModelAnswer, ask: Ask) -> Reply:
    text = tidy(answer.text)
    if ask.suffix and text and ask.suffix.strip() not in text:
        text += ask.suffix
    line, remainder = _sentences(answer.text)
    is_whole = answer.is_complete or bool(line and remainder)
    # an endpoint that tells how likely its words are is rare: among fit answers the world's own words decide
    return Reply(text, is_whole, 0.0, answer.tokens)


def _sentences(text: str) -> tuple[str, str]:
    """Return the line of an answer that holds the sentences, and what comes after it, from the end of the line on."""
    remainder = spoken(text)
    while remainder:
        line, end, remainder = remainder.partition("\n")
        # code fences, and words before the answer ("Sure! Here is the sentence:")
        if (text_line := line.strip()) and not text_line.startswith("```") and not (end and text_line.endswith(":")):
            return line, end + remainder
    return "", ""


_STRIPPED_CHARACTERS = '"“”*_` '


def tidy(text: str) -> str:
    """Return an answer as the plain sentences it should have been."""
    line = _sentences(text)[0].strip(_STRIPPED_CHARACTERS)
    ellipsis = r"[.…]*(?:…|\.{3})[.…]*"
    for pattern, replacement in (
        (r"\s*[—–]\s*", ", "),
        (r"[‘’]", "'"),
        (r"[“”\"]", ""),
        (ellipsis, "."),
        (r"\s+", " "),
    ):
        line = re.sub(pattern, replacement, line)
    return line.strip(_STRIPPED_CHARACTERS)
