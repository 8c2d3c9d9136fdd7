"""What counts as an unsafe address."""

from __future__ import annotations

import pytest

from worldkit.ruleset.urls import unsafe_scheme


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a.png",
        "./a b.png",
        "../x?y=a:b",
        "#top",
        "//host/a",
        "https://a/b",
        "HTTP://a",
        " \thttps://a",
        "a/b:c",
        ":x",
    ],
)
def test_http_https_and_relative_addresses_are_safe(url: str) -> None:
    assert unsafe_scheme(url) is None


@pytest.mark.parametrize(
    ("url", "scheme"),
    [
        ("javascript:alert(1)", "javascript"),
        ("JaVaScRiPt:alert(1)", "javascript"),
        ("\x00\x1f java\tscr\nipt\r:alert(1)", "javascript"),
        ("vbscript:x", "vbscript"),
        ("file:///etc/passwd", "file"),
        ("blob:https://a/b", "blob"),
        ("C:\\clips\\a.mp4", "c"),
        ("data:text/html,<script>", "data"),
        ("data:image/png;base64,AA==", "data"),
    ],
)
def test_every_other_scheme_is_not_however_a_browser_would_unwrap_it(url: str, scheme: str) -> None:
    assert unsafe_scheme(url) == scheme


def test_a_picture_may_be_written_out() -> None:
    assert unsafe_scheme("Data:Image/PNG;base64,AA==", picture=True) is None
    assert unsafe_scheme("data:text/html,x", picture=True) == "data"
    assert unsafe_scheme("javascript:data:image/png", picture=True) == "javascript"
