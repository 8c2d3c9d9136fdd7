"""Signatures of webhooks: what is signed is taken, and whatever was changed is not."""

from __future__ import annotations

import hmac
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

import worldkit as wk

SECRET = "whsec_a-secret"
NOW = 1_800_000_000
secrets = st.text(min_size=1, max_size=40)


@given(st.binary(max_size=200), secrets, st.integers(0, 2**36), st.integers(-300, 300))
def test_what_was_signed_is_taken_within_the_tolerance(body: bytes, secret: str, at: int, age: int) -> None:
    assert wk.webhooks.verify(body, wk.webhooks.sign(body, secret, at), secret, now=at + age) is True


@given(st.binary(max_size=100), st.binary(max_size=100), secrets, secrets)
def test_another_body_or_secret_is_refused(body: bytes, other: bytes, secret: str, wrong: str) -> None:
    header = wk.webhooks.sign(body, secret, NOW)
    if other != body:
        with pytest.raises(wk.WrongSignature):
            wk.webhooks.verify(other, header, secret, now=NOW)
    # a secret shorter than a block is padded with zero bytes, so that one that ends in them is the same
    if wrong.rstrip("\0") != secret.rstrip("\0"):
        with pytest.raises(wk.WrongSignature):
            wk.webhooks.verify(body, header, wrong, now=NOW)


def test_the_signature_is_the_documented_one() -> None:
    digest = hmac.new(SECRET.encode(), b'1800000000.{"a":1}', sha256).hexdigest()
    assert wk.webhooks.sign('{"a":1}', SECRET, NOW) == f"t=1800000000,v1={digest}"


def test_several_signatures_are_taken_if_one_is_right() -> None:
    right = wk.webhooks.sign(b"{}", SECRET, NOW)
    digest = right.partition("v1=")[2]
    for header in (
        f"t={NOW},v1={'0' * 64},v1={digest}",
        f"t={NOW}, v0=x, v1={digest.upper()}",
        f"v1={digest},t={NOW}",
    ):
        assert wk.webhooks.verify(b"{}", header, SECRET, now=NOW)


@pytest.mark.parametrize("age", [301, -301, 10**9])
def test_an_old_or_early_signature_is_refused(age: int) -> None:
    header = wk.webhooks.sign(b"{}", SECRET, NOW)
    with pytest.raises(wk.WrongSignature, match="allowed"):
        wk.webhooks.verify(b"{}", header, SECRET, now=NOW + age)
    assert wk.webhooks.verify(b"{}", header, SECRET, tolerance=abs(age), now=NOW + age)


@pytest.mark.parametrize(
    "header",
    [None, "", "t=1", "v1=" + "0" * 64, "t=,v1=x", "t=-1,v1=x", "t=1,t=2,v1=x", "t=١,v1=x", "x" * 5000, "t=1;v1=x"],
)
def test_a_missing_or_malformed_header_is_refused(header: str | None) -> None:
    for strict in (True, False):
        with pytest.raises(wk.WrongSignature):
            wk.webhooks.verify(b"{}", header, SECRET, strict=strict, now=NOW)


@given(st.text(max_size=200))
def test_no_header_that_was_made_up_is_taken(header: str) -> None:
    for strict in (True, False):
        with pytest.raises(wk.WrongSignature):
            wk.webhooks.verify(b"{}", header, SECRET, strict=strict, now=NOW)


def test_a_bare_digest_is_taken_only_where_that_is_asked_for() -> None:
    digest = hmac.new(SECRET.encode(), b"{}", sha256).hexdigest()
    for header in (digest, f"sha256={digest}"):
        assert wk.webhooks.verify(b"{}", header, SECRET, strict=False)
        with pytest.raises(wk.WrongSignature):
            wk.webhooks.verify(b"{}", header, SECRET)
    with pytest.raises(wk.WrongSignature):
        wk.webhooks.verify(b"{} ", digest, SECRET, strict=False)


def test_an_empty_secret_verifies_nothing_and_the_secret_is_in_no_message() -> None:
    with pytest.raises(wk.WrongSignature, match="no secret"):
        wk.webhooks.verify(b"{}", wk.webhooks.sign(b"{}", "", NOW), "", now=NOW)
    with pytest.raises(wk.WrongSignature) as error:
        wk.webhooks.verify(b"{}", wk.webhooks.sign(b"x", SECRET, NOW), SECRET, now=NOW)
    assert SECRET not in str(error.value)
