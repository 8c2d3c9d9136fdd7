"""The editor of a world on a hosted server, in a real browser: what was not taken is marked on its item."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from tests.api.hosted_double import SECRET, Faults, HostedDouble
from tests.api.scripted import Slept, serving
from tests.browser.conftest import wait_for
from tests.browser.stand import Stand, stand

pytestmark = pytest.mark.browser


@pytest.fixture
def double() -> HostedDouble:
    return HostedDouble()


@pytest.fixture
def view(browser: Any, double: HostedDouble) -> Iterator[Stand]:
    """The editor of a world that lives on the hosted server, with a state selected."""
    with serving(double.handle) as server, wk.Client(SECRET, server.url, sleep=Slept()) as api:
        id = double.add(wk.samples.load("bench").to_dict())
        with stand(browser, lambda: wk.edit(api.get(id), height=640), width=1200, height=640) as stand_view:
            stand_view.widget.selection = {"kind": "state", "id": "lane"}
            stand_view.tell()
            yield stand_view


def write(view: Stand, text: str) -> None:
    field = view.page.get_by_label("What the camera sees", exact=True).first
    field.fill(text)
    field.press("Control+Enter")


def base(double: HostedDouble) -> str:
    (world,) = double.worlds.values()
    return str(world["scene"]["states"]["lane"]["base"])


def test_an_edit_that_was_not_taken_is_marked_on_its_item_and_tried_again(
    view: Stand, double: HostedDouble, pictures: Path
) -> None:
    page, before = view.page, base(double)
    double.faults = Faults(drop={"lane"})
    write(view, "A lane of slate and rain.")
    banner = page.get_by_text("rejected 1 edit; the map shows its version.")
    banner.wait_for()
    assert page.get_by_label("What the camera sees", exact=True).first.input_value() == before
    reason = page.get_by_text("The server did not apply update_state: 'lane' was not applied.")
    reason.first.wait_for()  # beside the field of the item
    page.get_by_role("button", name="Show the rejected edits").click()
    page.get_by_role("region", name="Rejected").wait_for()
    for theme in ("light", "dark"):
        view.theme(theme)
        view.rest()
        page.screenshot(path=pictures / f"hosted-not-taken-{theme}.png")
    assert view.axe() == [] and view.faults() == []
    page.get_by_role("button", name="Try these again: send the edits once more").click()
    wait_for("the server's lane", lambda: base(double) == "A lane of slate and rain." or page.wait_for_timeout(10))
    banner.wait_for(state="detached")
    assert view.widget.world.states["lane"].base == "A lane of slate and rain." and view.wrong == []


def test_theirs_is_kept_and_the_marks_go(view: Stand, double: HostedDouble, pictures: Path) -> None:
    page, before = view.page, base(double)
    double.faults = Faults(ignore={"lane"})
    write(view, "A lane of fog.")
    banner = page.get_by_text("rejected 1 edit; the map shows its version.")
    banner.wait_for()
    page.get_by_text("where “A lane of fog.” was sent").or_(
        page.get_by_text('where "A lane of fog." was sent')
    ).first.wait_for()
    page.screenshot(path=pictures / "hosted-ignored.png")
    page.get_by_role("button", name="Keep theirs: leave what the server has, and clear the marks").click()
    banner.wait_for(state="detached")
    assert base(double) == before and len(view.widget.not_taken) == 0 and view.wrong == []
