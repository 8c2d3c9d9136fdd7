"""``new``, ``generate``, ``revise``: make worlds, and change one by an instruction in words."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from worldkit.cli.in_place import is_in_place, replace_world, revision_to_replace
from worldkit.cli.options import WORLD_HELP, edited_file_options, json_option, new_file_options, whole_number
from worldkit.cli.terminal import (
    EXIT_INTERRUPTED,
    STDIO,
    print_error,
    print_json,
    print_text,
    read_world,
    require_one_document,
    require_writable,
    write,
)
from worldkit.core.errors import WorldError
from worldkit.core.quoting import format_count
from worldkit.core.spoken_names import world_title
from worldkit.world import World


def new_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``worldkit new``."""
    parser.add_argument("name", help="its name")
    new_file_options(parser, "output file, such as mine.world.json (standard output)")


def new(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit new``."""
    write(arguments.output, World.new(arguments.name).to_json(), new=not arguments.force)
    return 0


def generate_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``worldkit generate``."""
    from worldkit.generation.direct.plan_form import FEATURES
    from worldkit.generation.pipeline.backend import PLANNERS

    parser.add_argument("premises", nargs="*", metavar="premise", help="what a world is about, in any words")
    parser.add_argument(
        "--from", dest="premises_from", metavar="FILE", help="premises, one a line; - for standard input"
    )
    new_file_options(
        parser,
        "output file (standard output); of several premises a file of JSON Lines, which the same command completes",
    )
    _model_options(parser)
    parser.add_argument("--states", type=whole_number, default=6, help="number of states, 5 to 200 (6)")
    parser.add_argument(
        "--planner",
        choices=PLANNERS,
        default="auto",
        help="whether the model plans the world, or the seed (auto: a model of 4 billion parameters or more)",
    )
    parser.add_argument(
        "--feature",
        action="append",
        default=[],
        choices=FEATURES,
        help="what a capable model adds beside places and moves; repeatable",
    )
    parser.add_argument("--frame", metavar="FILE", help="a picture that the hosted service makes the world from")
    parser.add_argument("--pov", help="the point of view, for the hosted service, such as third_person_shoulder")


def generate(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit generate``."""
    premises = [*arguments.premises, *_read_premises(arguments.premises_from)]
    if not premises:
        raise WorldError('no premise is given; expected: worldkit generate "A lamp goes out.", or --from FILE')
    if len(premises) == 1 and arguments.premises_from is None:
        return _generate_one(premises[0], arguments)
    return _generate_many(premises, arguments)


def revise_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``worldkit revise``."""
    parser.add_argument("world", help=WORLD_HELP)
    parser.add_argument("instruction", help='such as "make the lane colder"')
    _model_options(parser)
    edited_file_options(parser, "write the revised world; - for standard output")
    json_option(parser, "print the reply and the operations as JSON")


def revise(arguments: argparse.Namespace) -> int:
    """Carry out ``worldkit revise``."""
    from worldkit.generation.revision.reviser import revise as propose

    require_one_document(arguments)
    in_place = is_in_place(arguments)
    file_revision = revision_to_replace(arguments.world) if in_place else None
    require_writable(arguments.world if in_place else arguments.output or STDIO, new=not (in_place or arguments.force))
    revision = propose(read_world(arguments.world), arguments.instruction, arguments.model, arguments.seed)
    if arguments.json:
        print_json({"reply": revision.reply, "ops": list(revision.ops)})
    elif arguments.output != STDIO:
        print_text(str(revision))
    if file_revision is not None:
        with _printed_if_not_written(arguments.world, revision.world):
            replace_world(arguments.world, revision.world.to_json(), file_revision, revision.ops)
    elif arguments.output is not None:
        _keep(arguments.output, revision.world, new=not arguments.force)
    return 0


def _model_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--model",
        default="local",
        help="tiny, local, local:FOLDER-ID-OR-GGUF, chat:BASE-URL#MODEL (its key comes from $WORLDKIT_CHAT_KEY), "
        "hosted, or templates for none (local)",
    )
    parser.add_argument("--seed", type=int, default=1, help="random seed (1)")


def _generate_one(premise: str, arguments: argparse.Namespace) -> int:
    from worldkit.generation import generate_with_report
    from worldkit.generation.pipeline.report import Interrupted

    require_writable(arguments.output, new=not arguments.force)
    try:
        world, report = generate_with_report(
            premise,
            arguments.model,
            arguments.seed,
            states=arguments.states,
            planner=arguments.planner,
            features=arguments.feature,
            frame=arguments.frame,
            pov=arguments.pov,
        )
    except Interrupted as interrupted:
        if interrupted.world is None or arguments.output == STDIO:
            raise
        _keep(arguments.output, interrupted.world, new=not arguments.force)
        print_error(
            f"interrupted; the world so far is in {arguments.output}, with ready-made sentences for what was not "
            "written yet"
        )
        return EXIT_INTERRUPTED
    print_error(
        f"{world_title(world)}: {format_count(len(world.states), 'state')}, {format_count(len(world.events), 'event')}"
    )
    print_error(str(report))
    _keep(arguments.output, world, new=not arguments.force)
    return 0


def _generate_many(premises: list[str], arguments: argparse.Namespace) -> int:
    from worldkit.generation import generate_many

    if arguments.output == STDIO:
        raise WorldError(
            f"the worlds of {format_count(len(premises), 'premise')} go into a file: give -o worlds.jsonl. Each world "
            "is written there as soon as it is finished, and the same command goes on from there"
        )
    if arguments.force:
        raise WorldError(
            "--force is for one premise: a file of several is completed and not replaced; remove it to begin anew"
        )
    if arguments.frame is not None or arguments.pov is not None:
        raise WorldError("--frame and --pov are for one premise; generate that world with a command of its own")
    results = generate_many(
        premises,
        arguments.model,
        arguments.seed,
        states=arguments.states,
        out=arguments.output,
        planner=arguments.planner,
        features=arguments.feature,
    )
    failure_count = 0
    for result in results:
        if result.world is None:
            failure_count += 1
            print_error(f"{result.premise}: {result.error}")
    print_error(f"{len(results) - failure_count} of {len(results)} worlds are in {arguments.output}")
    return int(failure_count > 0)


def _read_premises(name: str | None) -> list[str]:
    """Return the premises of a file, one a line; empty lines are left out."""
    if name is None:
        return []
    data = sys.stdin.buffer.read() if name == STDIO else Path(name).read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WorldError(f"{name} is not UTF-8 text: byte {error.start}") from None
    return [line.strip() for line in text.splitlines() if line.strip()]


def _keep(name: str, world: World, *, new: bool = False) -> None:
    """Write a world that took long to make; where that fails, it is printed instead of lost."""
    with _printed_if_not_written(name, world):
        write(name, world.to_json(), new=new)


@contextmanager
def _printed_if_not_written(name: str, world: World) -> Iterator[None]:
    try:
        yield
    except (WorldError, OSError):
        write(STDIO, world.to_json())
        print_error(f"{name} could not be written; the world is in the output of this command")
        raise
