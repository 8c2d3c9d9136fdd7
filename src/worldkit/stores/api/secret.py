"""Keys of the /v1 API: never printed, found in the environment or a keyring, and checked before use.

The plain text is held in a closure of a ``Secret`` and never bound to a name of a frame that can fail: a traceback
with locals, a log of a frame or an inspector shows the ``Secret``, and that shows the kind and mode of the key only.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable
from importlib.util import find_spec
from typing import Literal, NoReturn

from worldkit.core.errors import AuthError, ScopeError, WrongArgument
from worldkit.core.json_values import quote

KEY_VARIABLE = "ALAKAZAM_API_KEY"
MODE_VARIABLE = "ALAKAZAM_MODE"
KEYRING = ("alakazam", "api_key")
"""Service and user name under which a keyring holds the key."""

KEYRING_SECONDS = 3.0
"""How long a keyring may take; one that asks on a screen that nobody sees would wait without end."""

Mode = Literal["test", "live"]
Scope = Literal["worlds:read", "worlds:write", "sessions:mint", "account", "session"]
"""What a call needs: a scope of an API key, the credential of an account, or the token of a play session."""

ACCOUNT_VARIABLE = "ALAKAZAM_ACCOUNT_TOKEN"
ADMIN_VARIABLE = "WORLDKIT_ADMIN_TOKEN"
"""The token of a server of one's own, which is never sent to the hosted service."""

_KEY_FORM = re.compile(r"(?P<kind>[ps]k)_(?:[A-Za-z0-9]+_)*?(?:(?P<mode>test|live)_)?[A-Za-z0-9._~+/=-]+\Z", re.ASCII)
_HEADER_VALUE = re.compile(r"[\x21-\x7e]+")
"""What a header carries as it is."""

MIN_LENGTH = 16
"""Characters of a credential that nobody guesses. A shorter one may be a word of an answer: it is not taken out."""

_ANY_KEY = re.compile(r"(?<![A-Za-z0-9])([ps]k)_[A-Za-z0-9._~+/=-]{4,}", re.ASCII)


def redacted(text: str) -> str:
    """Return a text with everything that looks like a key taken out; servers quote what they were sent."""
    return _ANY_KEY.sub(lambda match: f"{match[1]}_...", text)


class Secret:
    """A key that shows itself only to ``reveal``: not in a repr, a copy, a pickle or a traceback."""

    __slots__ = ("_reveal",)
    _reveal: Callable[[], str]

    def __init__(self, plain: object) -> None:
        self._reveal = _closure(plain)

    def reveal(self) -> str:
        """Return the plain key; never bind it to a name."""
        return self._reveal()

    def __bool__(self) -> bool:
        return bool(self._reveal())

    @property
    def kind(self) -> str | None:
        """``"pk"`` for a publishable key, ``"sk"`` for a secret one, None when it has no form of a key."""
        match = _KEY_FORM.match(self._reveal())
        return match["kind"] if match else None

    @property
    def mode(self) -> str | None:
        """``"test"`` or ``"live"``; None when the key does not say."""
        match = _KEY_FORM.match(self._reveal())
        return match["mode"] if match else None

    @property
    def is_sendable(self) -> bool:
        """Whether it is ASCII characters without spaces, which a header can carry."""
        return bool(_HEADER_VALUE.fullmatch(self._reveal()))

    @property
    def is_long(self) -> bool:
        """Whether it is too long to be guessed, and to be a part of something else by chance."""
        return len(self._reveal()) >= MIN_LENGTH

    def taken_out(self, text: str) -> str:
        """Return a text in which this key, where somebody quotes it, is shown as the key shows itself."""
        return text.replace(self._reveal(), repr(self)) if self.is_long else text

    def __repr__(self) -> str:
        return "_".join([self.kind or "key", *([self.mode] if self.mode else []), "..."])

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: object) -> Secret:
        return self

    def __reduce__(self) -> tuple[object, ...]:
        return Secret, (None,)

    def __getstate__(self) -> None:
        return None

    def __setattr__(self, name: str, value: object) -> None:
        if hasattr(self, "_reveal"):
            raise AttributeError("a Secret does not change")
        object.__setattr__(self, name, value)


def _closure(plain: object) -> Callable[[], str]:
    return lambda: plain.strip() if isinstance(plain, str) else ""


def find_key(argument: Secret) -> Secret:
    """Return the key: the one given, else that of the environment, else that of a keyring.

    Args:
        argument: What was passed as an argument; empty when nothing was.

    Raises:
        AuthError: There is none anywhere.
    """
    key = argument or Secret(os.environ.get(KEY_VARIABLE)) or _from_keyring()
    if key:
        return key
    service, user = KEYRING
    raise AuthError(
        f"there is no API key: pass key=, set {KEY_VARIABLE}, or keep one in a keyring (keyring set {service} {user})"
    )


def find_account(argument: Secret, *, is_hosted: bool) -> Secret:
    """Return the credential of an account: the one given, else that of the environment.

    Args:
        argument: What was passed as an argument; empty when nothing was.
        is_hosted: Whether it is for the hosted service.

    Raises:
        AuthError: There is none, or it is none that can be sent.
    """
    variable = ACCOUNT_VARIABLE if is_hosted else ADMIN_VARIABLE
    token = argument or Secret(os.environ.get(variable))
    if token:
        check_sendable(token, "account token")
        return token
    raise AuthError(
        f"there is no account token, which calls for apps, keys and webhooks need: pass account=, or set {variable}"
    )


def check_sendable(credential: Secret, kind: str) -> None:
    """Refuse a credential that no header can carry, before it is sent.

    Args:
        kind: What it should be, for the message.

    Raises:
        AuthError: Says nothing of the credential itself.
    """
    if not credential.is_sendable:
        _refuse(f"this is no {kind}: expected ASCII characters without spaces; nothing was sent")


def check_admin_token(token: Secret) -> None:
    """Refuse to serve with an admin token that no client can send, or that is easily guessed.

    Args:
        token: The token; empty when the server has none.

    Raises:
        AuthError: Says nothing of the token itself.
    """
    if token and not (token.is_sendable and token.is_long):
        _refuse(
            f"{ADMIN_VARIABLE} is no token: expected at least {MIN_LENGTH} ASCII characters without spaces, such as "
            "those of: openssl rand -hex 32"
        )


def _from_keyring() -> Secret:
    if find_spec("keyring") is None:
        return Secret(None)
    keys: list[Secret] = []

    def ask() -> None:
        try:
            import keyring

            keys.append(Secret(keyring.get_password(*KEYRING)))
        except Exception:  # no backend, a locked one, a broken one: there is no key in it
            return

    # a thread of its own, because a backend may ask for a password on a screen that is not there
    thread = threading.Thread(target=ask, daemon=True, name="worldkit-keyring")
    thread.start()
    thread.join(KEYRING_SECONDS)
    return keys[0] if keys else Secret(None)


def required_mode(mode: str | None) -> Mode | None:
    """Return which keys this place takes: what was asked for, else what ``ALAKAZAM_MODE`` says, else any.

    Raises:
        WrongArgument: It is neither ``"test"`` nor ``"live"``.
    """
    value = mode if mode is not None else os.environ.get(MODE_VARIABLE) or None
    match value:
        case "test" | "live":
            return value
        case None:
            return None
    source = "mode" if mode is not None else MODE_VARIABLE
    raise WrongArgument(source, '"test" or "live"', quote(value))


def check_key(key: Secret, mode: Mode | None) -> None:
    """Refuse what is no key, and a key of the other mode.

    Raises:
        AuthError: With the kind and the mode of the key, and nothing else of it.
    """
    if key.kind is None:
        _refuse('this is no API key: expected "sk_test_...", "sk_live_...", "pk_test_..." or "pk_live_..."')
    if mode == "test" and key.mode != "test":
        _refuse(f"this place says test, and the key is {key!r}; only a test key is used here, and nothing was sent")
    if mode == "live" and key.mode == "test":
        _refuse(f"this place says live, and the key is {key!r}; give a live key, or mode='test'")


def _refuse(reason: str) -> NoReturn:
    raise AuthError(reason)


def check_scope(key: Secret, scope: Scope, call: str) -> None:
    """Refuse a call that a publishable key cannot make, before anything is sent.

    Raises:
        ScopeError: Names the scope.
    """
    if key.kind == "pk" and scope != "worlds:read":
        error = ScopeError(
            f"{call} needs a secret key (scope {scope}), and {key!r} is publishable: it reads and embeds only; "
            "nothing was sent"
        )
        error.scope = scope
        raise error
