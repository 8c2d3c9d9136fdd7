"""Why there is no session token, in the words of whoever wants to play in a notebook."""

from __future__ import annotations

from worldkit.core.errors import (
    ApiNotFound,
    AuthError,
    QuotaExceeded,
    RateLimited,
    ScopeError,
    ServiceUnavailable,
    Unreachable,
    WorldError,
)

MINT_SCOPE = "sessions:mint"


def refusal_text(error: WorldError, origin: str) -> str:
    """Return what to show in place of the player.

    Args:
        error: Why no token was minted.
        origin: The origin of the page that shows the player; empty when it has none.
    """
    match error:
        case QuotaExceeded():
            count = (
                f" ({error.used} of {error.cap} are used)" if error.cap is not None and error.used is not None else ""
            )
            return f"The play sessions of this app are used up for today{count}. New ones begin at midnight UTC."
        case ScopeError(scope=scope) if scope == MINT_SCOPE:
            return f"This API key may not start play sessions: it lacks the scope {MINT_SCOPE}. Use a key that has it."
        case ScopeError():
            place = f" ({origin})" if origin else ""
            reason = f": {error.detail}" if error.detail else ""
            advice = "Is its address among the app's embedding_origins?"
            return f"The server does not let this page{place} play the world{reason.rstrip('.')}. {advice}"
        case AuthError():
            return "The server does not take this API key. Is it a key of this server, and still valid?"
        case ApiNotFound():
            return "The server has no such world, or it belongs to another app than the API key."
        case RateLimited():
            return "The server had too many requests. Try again in a moment."
        case Unreachable() | ServiceUnavailable():
            return "The server cannot be reached, or is busy. Try again in a moment."
        case _:
            return str(error)
