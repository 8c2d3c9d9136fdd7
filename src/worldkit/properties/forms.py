"""The functions that make properties: one for each form of the grammar."""

from __future__ import annotations

from collections.abc import Sequence

from worldkit.core.argument_checks import checked
from worldkit.core.argument_ranges import expect_count
from worldkit.core.json_values import quote
from worldkit.properties.conditions import Condition, PropertyError
from worldkit.properties.grammar import parse_condition
from worldkit.properties.statements import (
    Always,
    AlwaysPossible,
    AtMost,
    Before,
    LeadsTo,
    Never,
    NeverAfter,
    Possible,
    Property,
    Until,
    Within,
)

ConditionText = str | Condition
MAX_NUMBER = 999_999
"""The largest number in a property."""


@checked
def condition(text: ConditionText) -> Condition:
    """Return a condition: what is true or not at one moment of a run (docs/properties.md).

    Args:
        text: Its text. A name alone stands for whatever has it: a state, an event, a flag, an ending, a tag, a
            mission.

    Raises:
        PropertyError: It says none.

    Example:
        >>> wk.condition("bench while holding mitten") | wk.condition("win")
        condition('"bench" and holding "mitten" or win')
    """
    return parse_condition(text) if isinstance(text, str) else text


@checked
def never(what: ConditionText, *, within: int | None = None, after: ConditionText | None = None) -> Property:
    """Return the property that something never happens. CTL: ``AG ¬what``.

    Args:
        what: The condition.
        within: Only that it does not happen in the first so many steps.
        after: Only that it does not happen at a later moment than this: ``AG (after → AX AG ¬what)``.

    Raises:
        PropertyError: Both ``within`` and ``after`` are given, or a condition cannot be read.
        WrongArgument: ``within`` is no whole number from 0 to 999,999.

    Example:
        >>> wk.never("win", within=2)
        property('no win within 2 steps')
        >>> wk.never("lane", after="bench")
        property('after "bench", "lane" cannot be reached')
    """
    expect_count(within, "within", 0, MAX_NUMBER, or_none=True)
    if after is None:
        return Never(condition(what), within)
    if within is not None:
        raise PropertyError("expected within or after, got both; combine two properties with &")
    return NeverAfter(condition(after), condition(what))


@checked
def always(what: ConditionText | Property) -> Property:
    """Return the property that something always holds, or stays possible. CTL: ``AG what``; ``AG (over ∨ EF what)``.

    Args:
        what: The condition; or ``wk.possible(...)``, for what a run can still come to as long as it is not over.

    Raises:
        PropertyError: It is another property, or a condition cannot be read.

    Example:
        >>> wk.always("holding mitten or lane"), wk.always(wk.possible("win"))
        (property('always holding "mitten" or "lane"'), property('always possible: win'))
    """
    if isinstance(what, Possible):
        return AlwaysPossible(what.condition)
    if isinstance(what, Property):
        raise PropertyError(
            f"expected a condition or wk.possible(...), got {quote(what.text)}, true of all runs already"
        )
    return Always(condition(what))


@checked
def possible(what: ConditionText) -> Property:
    """Return the property that some run comes to something. CTL: ``EF what``.

    Args:
        what: The condition.

    Example:
        >>> wk.possible("two_mittens")
        property('possible: "two_mittens"')
    """
    return Possible(condition(what))


@checked
def before(first: ConditionText, second: ConditionText) -> Property:
    """Return the property that the second happens only once the first has. Past-time LTL: ``G (second → once first)``.

    Args:
        first: What comes first; the same moment will do.
        second: What comes after it, if at all.

    Example:
        >>> wk.check(world, wk.before("pick_up_the_red_mitten", "two_mittens")).passed
        True
    """
    return Before(condition(first), condition(second))


@checked
def until(first: ConditionText, second: ConditionText) -> Property:
    """Return the property that the first holds from the start until the second, if ever. CTL: ``A [first W second]``.

    Args:
        first: What holds.
        second: What releases it.

    Example:
        >>> wk.check(world, wk.until("not holding mitten", "pick_up_the_red_mitten")).passed
        True
    """
    return Until(condition(first), condition(second))


@checked
def within(what: ConditionText, steps: int, of: ConditionText | None = None) -> Property:
    """Return the property that every run comes to something in so many steps. CTL: ``AG (of → AF≤steps what)``.

    Args:
        what: What has to come. A run that is over, or stuck, before it comes breaks this.
        steps: Within how many steps; a step is an event or a sequence that is fired. 0 is that very moment.
        of: After what, each time; the beginning of the run when left out.

    Raises:
        PropertyError: A condition cannot be read.
        WrongArgument: ``steps`` is no whole number from 0 to 999,999.

    Example:
        >>> wk.check(world, wk.within("two_mittens", 1, of="hold_out_the_mitten")).passed
        True
    """
    expect_count(steps, "steps", 0, MAX_NUMBER)
    return Within(condition(what), steps, None if of is None else condition(of))


@checked
def leads_to(first: ConditionText, second: ConditionText) -> Property:
    """Return the property that after the first the second comes, unless the run goes in circles without end.

    A player who plays on at random gets there for certain. CTL: ``AG (first → ¬E [¬second U (¬second ∧ ¬EF second)])``.

    Args:
        first: What leads to it.
        second: What comes, at the same moment or later.

    Example:
        >>> wk.check(world, wk.leads_to("anything", "ending")).passed
        True
    """
    return LeadsTo(condition(first), condition(second))


@checked
def at_most(count: int, conditions: Sequence[ConditionText]) -> Property:
    """Return the property that a run has at most so many of some things. Past-time LTL: ``G (#{c : once c} ≤ count)``.

    Args:
        count: How many may.
        conditions: The things.

    Raises:
        PropertyError: There are none, or one cannot be read.
        WrongArgument: ``count`` is no whole number from 0 to 999,999.

    Example:
        >>> wk.at_most(1, ["betray", "trust"])
        property('at most 1 of {"betray", "trust"}')
    """
    if isinstance(conditions, str) or not conditions:
        raise PropertyError(f"expected a list of at least one condition, got {quote(conditions)}")
    expect_count(count, "count", 0, MAX_NUMBER)
    return AtMost(count, tuple(condition(each) for each in conditions))
