"""How many actions it takes to write a whole story from nothing in the editor.

python bench/writing.py

The story has 8 scenes and 12 events, a lock and its key, a hidden timer, two endings and a mission. The journeys are
those of tests/browser/test_writing.py, in a real browser; each checks the story by the rules and by every possible run.
"""

from __future__ import annotations

import contextlib
import io
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import sync_playwright  # noqa: E402
from tests.browser import test_writing  # noqa: E402
from tests.browser.conftest import FLAGS, chromium  # noqa: E402

JOURNEYS = {
    "mouse, patterns": test_writing.test_by_mouse,
    "keyboard alone, patterns": test_writing.test_by_keyboard_alone,
    "mouse, no patterns": test_writing.test_by_mouse_without_patterns,
}


def main() -> int:
    """Print what each way takes."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for way, journey in JOURNEYS.items():
            figures = io.StringIO()
            with contextlib.redirect_stdout(figures):
                journey(browser)
            print(f"{way}: {figures.getvalue().strip()}")
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
