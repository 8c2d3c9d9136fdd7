"""The engine behind ``chat:``: an endpoint that speaks OpenAI's protocol, asked many short questions at once.

It cannot be held to our grammars while it writes, so it is told what they say, and every answer is checked as those of
any model are; what does not pass is asked for again and comes from the templates in the end.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from worldkit.generation.engines import run_async
from worldkit.generation.engines.base import Ask, CannotDraft, Halted, Reply
from worldkit.generation.engines.endpoint import Endpoint
from worldkit.generation.engines.openai_client import Broken, Json, Refused, Said, Talk

if TYPE_CHECKING:
    import httpx

AT_ONCE = 8
"""Questions that are under way at the same time."""
LONGEST = 600
"""Characters after which an answer is cut, as it is at the end of its first line: no field takes as much."""
TEMPERATURE = 0.7
MANNER = (
    "Answer with the sentences alone, in English, on one line, as in the example: plain words, commas and full stops, "
    "at most 200 characters. Say what is there, and leave out what is absent: no word such as no, not, never, without "
    "or nothing. Nobody is killed."
)


class ChatEngine:
    """A language model behind an endpoint.

    Args:
        where: The endpoint.
    """

    def __init__(self, where: Endpoint) -> None:
        self.name = f"{where.model} at {where.shown}"
        self.capable = True  # whoever runs a server runs more than a toy; one that is none falls back soon
        self.talk = Talk(where)
        self._answered = 0
        self._lost = ""

    def words(self) -> tuple[str, ...]:
        """Return no words: its vocabulary is not known here."""
        return ()

    def answer(self, asks: Sequence[Ask], done: Callable[[], None] = lambda: None) -> list[Reply]:
        """Return a reply to every ask, in order; see ``Engine``.

        Raises:
            Refused: The endpoint refuses what it is asked, before it has answered anything.
            Broken: It cannot be reached, before it has answered anything. Later on its loss is said in the replies.
        """
        replies: dict[int, Reply] = {}
        untold = {number for number, ask in enumerate(asks) if ask.heard is not None}

        async def work(tell: Callable[[], None]) -> None:
            await self._all(asks, replies, tell)

        def ended() -> None:
            for number in sorted(untold & {*replies}):
                untold.remove(number)
                heard = asks[number].heard
                if heard is not None and replies[number].whole:
                    heard(replies[number].text)
            done()

        try:
            run_async.run(work, ended)
        except KeyboardInterrupt:
            raise Halted(replies) from None
        return [replies[number] for number in range(len(asks))]

    def draft(self, turns: Sequence[Mapping[str, str]], wanted: Mapping[str, Any], seed: int, most: int) -> str:
        """Return what the model says to a conversation, under a JSON Schema where the endpoint takes one.

        Raises:
            CannotDraft: The endpoint refuses what it is asked.
            Broken: It cannot be reached.
        """
        form = {"name": "plan", "strict": True, "schema": wanted}
        body = {
            "messages": list(turns),
            "temperature": TEMPERATURE,
            "max_tokens": most,
            "seed": seed % 2**31,
            "response_format": {"type": "json_schema", "json_schema": form},
        }

        async def work(tell: Callable[[], None]) -> Said:
            async with self.talk.client() as client:
                return await self.talk.ask(client, body, _no_plan)

        try:
            said = run_async.run(work, lambda: None)
        except Refused as refused:
            raise CannotDraft(str(refused)) from None
        self._answered += 1
        return _spoken(said.text)

    async def _all(self, asks: Sequence[Ask], replies: dict[int, Reply], tell: Callable[[], None]) -> None:
        waiting = iter(enumerate(asks))

        async def one_after_another(client: httpx.AsyncClient) -> None:
            for number, ask in waiting:
                replies[number] = await self._one(ask, client)
                tell()

        async with self.talk.client() as client:
            workers = [asyncio.create_task(one_after_another(client)) for _ in range(min(AT_ONCE, len(asks)))]
            try:
                await asyncio.gather(*workers)
            finally:
                for worker in workers:
                    worker.cancel()
                await asyncio.gather(*workers, return_exceptions=True)

    async def _one(self, ask: Ask, client: httpx.AsyncClient) -> Reply:
        if self._lost:
            return Reply("", False, 0.0, 0.0, 0, self._lost)
        try:
            said = await self.talk.ask(client, _body(ask), _enough)
        except Broken as broken:
            if not self._answered:
                raise
            lost = f"the rest came from the templates after {self._answered} answers, because {broken}"
            self._lost = self._lost or lost
            return Reply("", False, 0.0, 0.0, 0, self._lost)
        self._answered += 1
        return _reply(said, ask)


def _body(ask: Ask) -> Json:
    begin = f'{ask.question}\nBegin with exactly: "{ask.opening}"'
    return {
        "messages": [
            {"role": "system", "content": f"{ask.system}\n{MANNER}"},
            *ask.shown,
            {"role": "user", "content": begin},
        ],
        "temperature": TEMPERATURE,
        # a model that thinks before it speaks needs room for that too; what runs on is cut as it streams
        "max_tokens": 1024,
        "seed": ask.seed % 2**31,
    }


def _no_plan(text: str) -> bool:
    said = _spoken(text)
    return len(said) > 40_000 or (len(said) > 200 and "{" not in said)


def _enough(text: str) -> bool:
    said = _spoken(text)
    return "\n" in said or len(said) > LONGEST


def _reply(said: Said, ask: Ask) -> Reply:
    text = tidy(said.text)
    if ask.closing and text and ask.closing.strip() not in text:
        text += ask.closing
    whole = said.whole or "\n" in _spoken(said.text)
    # an endpoint that tells how likely its words are is rare: among fit answers the world's own words decide
    return Reply(text, whole, 0.0, 0.0, said.tokens)


_MARKS = '"“”*_` '


def tidy(text: str) -> str:
    """Return the first line of an answer as the plain sentences it should have been."""
    line = _spoken(text).partition("\n")[0].strip(_MARKS)
    ellipsis = r"[.…]*(?:…|\.{3})[.…]*"
    for found, wanted in ((r"\s*[—–]\s*", ", "), (r"[‘’]", "'"), (r"[“”\"]", ""), (ellipsis, "."), (r"\s+", " ")):
        line = re.sub(found, wanted, line)
    return line.strip(_MARKS)


def _spoken(text: str) -> str:
    """Return what was said aloud: some servers send a model's thoughts along."""
    return re.sub(r"<think>.*?(?:</think>|\Z)", "", text, flags=re.DOTALL).lstrip()
