"""The host of an address: whether its name can be looked up, whether it is this computer, and whether it refused."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address


def is_host_name(host: str) -> bool:
    """Say whether a name can be looked up: others make the lookup itself fail, with errors that no caller expects.

    Args:
        host: The name or the number of a host.
    """
    try:
        return bool(host.encode("idna"))
    except UnicodeError:
        return False


def is_loopback(host: str) -> bool:
    """Say whether a host is this computer.

    Args:
        host: Its name or its number.
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost" or host.lower().endswith(".localhost")


def is_refused(error: BaseException) -> bool:
    """Say whether an error comes of a connection that was refused, because nothing listens at the address.

    Args:
        error: The error, as a library raises it in place of the system's own.
    """
    return any(isinstance(reason, ConnectionRefusedError) for reason in _reasons(error))


def _reasons(error: BaseException) -> Iterator[BaseException]:
    pending, visited_ids = [error], set[int]()
    while pending:
        reason = pending.pop()
        if id(reason) in visited_ids:  # errors may name each other as their cause
            continue
        visited_ids.add(id(reason))
        yield reason
        if isinstance(reason, BaseExceptionGroup):  # one for each address of a name
            pending.extend(reason.exceptions)
        if earlier := reason.__cause__ or reason.__context__:
            pending.append(earlier)
