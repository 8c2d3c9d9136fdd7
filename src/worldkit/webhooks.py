"""Signatures of webhooks: ``verify`` checks one that was received, ``sign`` makes one (docs/spec/webhooks.md)."""

from __future__ import annotations

import hmac
import time
from hashlib import sha256

from worldkit.core.argument_checks import checked, refusal
from worldkit.core.argument_ranges import expect_amount
from worldkit.core.errors import WrongSignature

HEADER = "Alakazam-Signature"
"""The header that the signature comes in."""

_MAX_HEADER_LENGTH = 4096
_HEX_DIGITS = frozenset("0123456789abcdef")


@checked
def verify(
    body: bytes | str,
    header: str | None,
    secret: str,
    tolerance: float = 300,
    *,
    strict: bool = True,
    now: float | None = None,
) -> bool:
    """Check that a request comes from the server that a webhook is registered at (docs/spec/webhooks.md, "Delivery").

    Args:
        body: The body as it was received, byte for byte: not parsed and written again.
        header: The value of the header ``Alakazam-Signature``.
        secret: The secret that registering the webhook answered with, ``whsec_...``.
        tolerance: How many seconds old the signature may be, or how many seconds ahead.
        strict: Whether only the format ``t=...,v1=...`` is taken. ``False`` also takes a bare digest, or
            ``sha256=<digest>``, of the body: neither says when it was signed, so a request could be sent again.
        now: The time in Unix seconds; by default this machine's clock.

    Returns:
        True; whatever is wrong is an error.

    Raises:
        WrongSignature: The header is missing or malformed, the signature is another one, or it is too old.
        WrongArgument: The tolerance is negative.

    Example:
        >>> body, secret = b'{"type": "world.generation.succeeded"}', "whsec_example"
        >>> wk.webhooks.verify(body, wk.webhooks.sign(body, secret), secret)
        True
        >>> try:
        ...     wk.webhooks.verify(body + b" ", wk.webhooks.sign(body, secret), secret)
        ... except wk.WrongSignature as error:
        ...     print(error)
        the signature is not that of this body and secret; pass the body as it was received, and ...
    """
    expect_amount(tolerance, "tolerance", unit="of seconds ")
    if not secret:
        raise WrongSignature("there is no secret to check with; pass the whsec_... that registering the webhook gave")
    data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    if not header or len(header) > _MAX_HEADER_LENGTH:
        raise WrongSignature(f"the header {HEADER} is missing or too long; the request comes from somewhere else")
    parts = [part.strip().partition("=") for part in header.split(",")]
    times = [value for name, _, value in parts if name == "t"]
    digests = [value.lower() for name, _, value in parts if name == "v1"]
    if not times and not digests and not strict:
        digest = header.strip().lower().removeprefix("sha256=")
        return _check([digest], _digest(data, secret))
    if len(times) != 1 or not digests or not (times[0].isascii() and times[0].isdigit() and len(times[0]) <= 12):
        raise WrongSignature(f"expected {HEADER}: t=<unix seconds>,v1=<digest>, got another form")
    _check(digests, _digest(times[0].encode() + b"." + data, secret))
    age = (time.time() if now is None else now) - int(times[0])
    if abs(age) > tolerance:
        when = "old" if age > 0 else "ahead"
        raise WrongSignature(
            f"the signature is {abs(age):.0f} s {when}, {tolerance:g} s are allowed; "
            "somebody may have sent an old request again, or a clock is wrong"
        )
    return True


@checked
def sign(body: bytes | str, secret: str, at: float | None = None) -> str:
    """Return the header that a server sends with a body, for testing a receiver (docs/spec/webhooks.md, "Delivery").

    Args:
        body: The body.
        secret: The webhook's secret.
        at: When it is signed, in Unix seconds; by default now.

    Example:
        >>> wk.webhooks.sign(b"{}", "whsec_example", at=1_800_000_000)[:18]
        't=1800000000,v1=2e'
    """
    data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    try:
        seconds = int(time.time() if at is None else at)
    except OverflowError:
        raise refusal("at", "a finite number", at) from None
    return f"t={seconds},v1={_digest(f'{seconds}.'.encode() + data, secret)}"


def _digest(data: bytes, secret: str) -> str:
    return hmac.new(secret.encode("utf-8", "surrogatepass"), data, sha256).hexdigest()


def _check(candidates: list[str], expected: str) -> bool:
    """Check that one of several digests is the one expected, in a time that says nothing of how much is right."""
    matches = [
        hmac.compare_digest(candidate.encode(), expected.encode())
        for candidate in candidates
        if len(candidate) == len(expected) and _HEX_DIGITS.issuperset(candidate)
    ]
    if not any(matches):
        raise WrongSignature(
            "the signature is not that of this body and secret; pass the body as it was received, "
            "and the secret of this webhook"
        )
    return True


__all__ = ["HEADER", "sign", "verify"]
