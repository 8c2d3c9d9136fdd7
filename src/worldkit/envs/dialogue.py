"""``Dialogue``: an environment as questions to a language model, and its answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from worldkit.core.argument_checks import checked_methods
from worldkit.core.json_values import Json
from worldkit.envs.episode import Episode
from worldkit.envs.replies import INSTRUCTION, choice_named, tool_of


@checked_methods
class Dialogue:
    """The half of an environment that reads and writes texts."""

    _episode: Episode

    def prompt(self) -> str:
        """Return what a language model is asked: what a player reads, the choices by number, and how to answer.

        Example:
            >>> print(wk.envs.WorldEnv(world).prompt())  # doctest: +ELLIPSIS
            A farm lane ...
            1. walk up the lane
            2. pick up the red mitten
            3. listen to the leaves
            <BLANKLINE>
            Answer with the number of one choice.
        """
        text = self._episode.text()
        return f"{text}\n\n{INSTRUCTION}" if self._episode.moves else text

    def tools(self) -> list[Json]:
        """Return the choices as a tool for a chat endpoint; empty when nothing is left to do.

        Example:
            >>> wk.envs.WorldEnv(world).tools()[0]["function"]["parameters"]["properties"]["choice"]["enum"]
            [1, 2, 3]
        """
        choices = self._episode.choices()
        return [tool_of(choices)] if choices else []

    def read_reply(self, reply: str | int | Mapping[str, Any]) -> int:
        """Return the action that a language model's answer names.

        Args:
            reply: Its text, or the arguments of its tool call, as an object or as JSON: the number of a choice, its
                label, or an event's name.

        Raises:
            NotAvailable: It names no choice, or several; the message can be sent back to the model.

        Example:
            >>> env = wk.envs.WorldEnv(world)
            >>> env.actions[env.read_reply("2. Pick up the red mitten.")]
            'pick_up_the_red_mitten'
        """
        return choice_named(reply, self._episode.choices()).action
