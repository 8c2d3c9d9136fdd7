"""``suite``: worlds to train and to evaluate agents on, drawn or given, each with what was proven of it."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice, starmap
from typing import TYPE_CHECKING, Any, Literal, overload

from worldkit.assessment.diversity import plot_of
from worldkit.core.argument_checks import checked, checked_methods, expect_each, refusal
from worldkit.core.argument_ranges import expect_count
from worldkit.core.dataframe import frame
from worldkit.core.errors import InvalidWorld, WorldError
from worldkit.core.json_values import quote
from worldkit.core.quoting import format_count, numbered_world
from worldkit.envs.game import MOST_POSITIONS
from worldkit.envs.proof import Proof, prove
from worldkit.envs.puzzles import Range, Recipe, draw_puzzle
from worldkit.world import World

if TYPE_CHECKING:
    import pandas

    from worldkit.envs.environment import WorldEnv
    from worldkit.envs.suite_env import SuiteEnv

Difficulty = Literal["easy", "medium", "hard"]
Split = Literal["all", "train", "test"]

MAX_STEPS_FACTOR = 4
"""How many times the length of the shortest play an episode may take."""

FRAME_COLUMNS = (
    *("difficulty", "shortest", "max_steps", "gates", "positions"),
    *("branching", "soft_locks", "random_wins", "fingerprint"),
)
"""The columns of ``Suite.to_frame`` beside the name: attributes of a task."""

SPLITS = ("all", "train", "test")
TEST_SHARE = 0.2
CANDIDATES_PER_TASK = 200


@dataclass(frozen=True, slots=True)
class Level:
    """What a difficulty means: every bound holds of what was proven, whatever was drawn.

    Attributes:
        recipe: What is drawn.
        shortest: Steps of the shortest play that is won.
        gates: The least number of locked events on that play.
        random_wins: The share of plays at random that is won: at least the first, less than the second.
        soft_locks: Whether there are points from which no ending can be reached.
    """

    recipe: Recipe
    shortest: Range
    gates: int
    random_wins: tuple[float, float]
    soft_locks: bool

    def allows(self, shortest: int, gates: int, proof: Proof) -> bool:
        """Say whether all bounds hold but that of plays at random, which takes longest to find out."""
        is_length = self.shortest[0] <= shortest <= self.shortest[1]
        return is_length and gates >= self.gates and (proof.soft_locks > 0) == self.soft_locks


LEVELS: dict[Difficulty, Level] = {
    "easy": Level(Recipe((3, 6), (0, 2), (0, 2), (0, 0), (0, 1)), (4, 8), 1, (0.25, 1.01), False),
    "medium": Level(Recipe((5, 8), (1, 3), (1, 2), (0, 1), (0, 1)), (8, 15), 2, (0.02, 0.25), False),
    "hard": Level(Recipe((7, 9), (2, 4), (1, 2), (1, 2), (1, 2)), (16, 30), 4, (0.0, 0.02), True),
}


@checked_methods
@dataclass(frozen=True, slots=True)
class Task:
    """A world of a suite, with what was proven of it.

    Attributes:
        world: The world.
        difficulty: ``"easy"``, ``"medium"`` or ``"hard"``; None for a world that was given and is none of them.
        solution: A shortest play that is won, as the names of its actions; no play is shorter.
        max_steps: After how many steps an episode is truncated: four times the shortest play.
        gates: How many events of the solution require a flag.
        positions: At how many points plays can be.
        branching: How many actions are legal at a point on average.
        soft_locks: From how many points no ending can be reached.
        random_wins: The probability that a play of at most ``max_steps`` legal actions at random is won: what an agent
            has to beat.
        fingerprint: The hash of the shape of its play graph. Two worlds that differ only in names, prose and the
            order of events have the same.

    Example:
        >>> task = wk.envs.suite(1, "easy")[0]
        >>> env = task.env()
        >>> for name in task.solution:
        ...     observation, reward, terminated, truncated, info = env.step(env.action(name))
        >>> reward, terminated
        (1.0, True)
    """

    world: World
    difficulty: Difficulty | None
    solution: tuple[str, ...]
    max_steps: int
    gates: int
    positions: int
    branching: float
    soft_locks: int
    random_wins: float
    fingerprint: str

    @property
    def shortest(self) -> int:
        """The number of steps of the shortest play that is won."""
        return len(self.solution)

    def env(self, **options: Any) -> WorldEnv:
        """Return the world as an environment that is truncated after ``max_steps``.

        Args:
            options: Other arguments of ``WorldEnv``.

        Raises:
            MissingExtra: Gymnasium is not installed.

        Example:
            >>> wk.envs.suite(1)[0].env(observation="text").max_steps
            24
        """
        from worldkit import envs  # noqa: PLC0415 - a suite needs no Gymnasium, an environment does

        return envs.WorldEnv(self.world, **{"max_steps": self.max_steps} | options)


@checked_methods
class Suite(Sequence[Task]):
    """Tasks of one difficulty, or of worlds that were given; ``wk.envs.suite`` makes it.

    Attributes:
        difficulty: Their difficulty; None for worlds that were given, of any.
        tasks: The tasks.

    Example:
        >>> wk.envs.suite(3, "easy")
        Suite of 3 easy tasks: shortest plays of 4 to 7 steps, 34 % to 46 % of plays at random are won
    """

    def __init__(self, difficulty: Difficulty | None, tasks: Sequence[Task]) -> None:
        self.difficulty: Difficulty | None = difficulty
        self.tasks: tuple[Task, ...] = tuple(tasks)

    @overload
    def __getitem__(self, index: int) -> Task: ...
    @overload
    def __getitem__(self, index: slice) -> Suite: ...
    def __getitem__(self, index: int | slice) -> Task | Suite:
        return Suite(self.difficulty, self.tasks[index]) if isinstance(index, slice) else self.tasks[index]

    def __len__(self) -> int:
        return len(self.tasks)

    def env(self, also: Sequence[Task] = (), **options: Any) -> SuiteEnv:
        """Return all worlds as one environment: each episode is played in one of them, drawn by the seed.

        Args:
            also: Tasks of another suite for which the spaces have room too, so that a policy can be tried on them.
            options: Other arguments of ``WorldEnv``.

        Raises:
            MissingExtra: Gymnasium is not installed.
            WrongArgument: The suite is empty.

        Example:
            >>> env = wk.envs.suite(8, "easy").env()
            >>> observation, info = env.reset(seed=0)
            >>> info["task"], info["action_mask"].shape == (env.action_space.n,)
            (6, True)
        """
        from worldkit import envs  # noqa: PLC0415 - a suite needs no Gymnasium, an environment does

        return envs.SuiteEnv(self.tasks, also=also, **options)

    def to_frame(self) -> pandas.DataFrame:
        """Return a table with a row for each task: what was proven of it, in words of ``Task``.

        Its ``plot_id`` is that of the tables of quality, by which they are joined: names of worlds repeat.

        Raises:
            MissingExtra: pandas is not installed.

        Example:
            >>> frame = wk.envs.suite(3, "easy").to_frame()
            >>> list(frame.columns)[:6]
            ['name', 'difficulty', 'shortest', 'max_steps', 'gates', 'positions']
        """
        rows = (
            {
                "name": task.world.name,
                **{column: getattr(task, column) for column in FRAME_COLUMNS},
                "plot_id": plot_of(task.world),
            }
            for task in self
        )
        return frame("Suite.to_frame", rows, ("name", *FRAME_COLUMNS, "plot_id"))

    def __repr__(self) -> str:
        count = f"Suite of {format_count(len(self), f'{self.difficulty} task' if self.difficulty else 'task')}"
        if not self.tasks:
            return count
        steps, wins = [task.shortest for task in self], [100 * task.random_wins for task in self]
        return (
            f"{count}: shortest plays of {min(steps)} to {max(steps)} steps, "
            f"{min(wins):.2g} % to {max(wins):.2g} % of plays at random are won"
        )


@checked
def suite(
    n: int | Iterable[World], difficulty: Difficulty | None = None, *, seed: int = 0, split: Split = "all"
) -> Suite:
    """Return worlds of a difficulty, drawn or given, each proven to be winnable, no two of one shape.

    A difficulty is what was proven of a world, not what was drawn (docs/environments.md#suites). No language model
    is needed. The same arguments give the same worlds, and a longer suite begins with the shorter one.

    Args:
        n: How many are drawn; or the worlds themselves, such as those of ``generate_many``. Of several of one shape
            the first is taken.
        difficulty: ``"easy"``, ``"medium"`` or ``"hard"``. None draws easy ones, and takes all that are given.
        seed: Another seed draws other worlds.
        split: ``"train"`` and ``"test"`` never have a world of the same shape in common, whatever ``n`` and the seeds:
            the fingerprint decides. ``"all"`` takes both.

    Raises:
        WrongArgument: ``n`` is negative, or there is no such difficulty or split.
        WorldError: So many worlds of different shapes were not found; or one that is given cannot be won, or plays of
            it can be at more than 100,000 points, and no difficulty is asked for.

    Example:
        >>> train, test = (wk.envs.suite(4, "medium", split=split) for split in ("train", "test"))
        >>> {task.fingerprint for task in train} & {task.fingerprint for task in test}
        set()
        >>> wk.envs.suite([wk.samples.load("lighthouse"), wk.samples.load("bench")])
        Suite of 2 tasks: shortest plays of 3 to 14 steps, 3.1 % to 62 % of plays at random are won
    """
    if difficulty is not None and difficulty not in LEVELS:
        raise refusal("difficulty", f"one of {', '.join(map(quote, LEVELS))}", difficulty)
    if split not in SPLITS:
        raise refusal("split", f"one of {', '.join(map(quote, SPLITS))}", split)
    if not isinstance(n, int):
        worlds = expect_each(n, World, "n", "a whole number, or a list of which each is a World")
        given_tasks = starmap(partial(_given_task, difficulty), enumerate(worlds, 1))
        return Suite(difficulty, list(_of_different_shapes(given_tasks, split)))
    expect_count(n, "n", 0)
    level = difficulty or "easy"
    candidate_count = CANDIDATES_PER_TASK * n
    candidates = (_drawn_task(level, random.Random(f"{level} {seed} {number}")) for number in range(candidate_count))
    tasks = list(islice(_of_different_shapes(candidates, split), n))
    if len(tasks) < n:
        raise WorldError(
            f"only {len(tasks)} {level} worlds of different shapes were found among {candidate_count}; "
            "ask for fewer, or for a higher difficulty, which has more shapes"
        )
    return Suite(level, tasks)


def _of_different_shapes(tasks: Iterable[Task | None], split: Split) -> Iterator[Task]:
    fingerprints: set[str] = set()
    for task in tasks:
        if task is None or task.fingerprint in fingerprints:
            continue
        if split == "all" or _split_of(task.fingerprint) == split:
            fingerprints.add(task.fingerprint)
            yield task


def _drawn_task(difficulty: Difficulty, dice: random.Random) -> Task | None:
    world = World.from_dict(draw_puzzle(LEVELS[difficulty].recipe, dice))
    proof = prove(world, MOST_POSITIONS)
    return None if proof is None else _task_of(proof, difficulty)


def _given_task(difficulty: Difficulty | None, number: int, world: World) -> Task | None:
    name = numbered_world(number, world.name or "")
    try:
        proof = prove(world, MOST_POSITIONS)
    except InvalidWorld as error:
        raise InvalidWorld(error.problems, name, error.verdict) from None
    task = None if proof is None else _task_of(proof, difficulty)
    if task is None and difficulty is None:
        why = "no play of it is won" if proof else f"plays of it can be at more than {MOST_POSITIONS:,} points"
        raise WorldError(f"{name}, is no task: {why}")
    return task


def _task_of(proof: Proof, difficulty: Difficulty | None) -> Task | None:
    """Return the task of a world; None where no play is won, or the difficulty that is asked for is not its own."""
    play = proof.shortest_play()
    if play is None:
        return None
    gates = _gates_on(proof, play)
    max_steps = MAX_STEPS_FACTOR * len(play)
    names: list[Difficulty] = [name for name, level in LEVELS.items() if level.allows(len(play), gates, proof)]
    if difficulty is not None and difficulty not in names:
        return None
    random_wins = proof.random_wins(max_steps)
    own_difficulty = next(
        (name for name in names if LEVELS[name].random_wins[0] <= random_wins < LEVELS[name].random_wins[1]), None
    )
    if difficulty not in (None, own_difficulty):
        return None
    return Task(
        proof.game.world,
        own_difficulty,
        tuple(proof.game.actions[action] for action in play),
        max_steps,
        gates,
        len(proof.points),
        proof.branching,
        proof.soft_locks,
        random_wins,
        proof.fingerprint,
    )


def _gates_on(proof: Proof, play: Sequence[int]) -> int:
    game, point, gates = proof.game, proof.game.start, 0
    for action in play:
        move = game.moves(point)[action]
        gates += game.graph.edges[move.edge].requires > 0
        point = move.point
    return gates


def _split_of(fingerprint: str) -> Split:
    return "test" if int(fingerprint[:8], 16) < TEST_SHARE * 16**8 else "train"
