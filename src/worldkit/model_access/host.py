"""The host of an address: whether its name can be looked up at all, and whether it is this computer."""

from __future__ import annotations

from ipaddress import ip_address


def is_host_name(host: str) -> bool:
    """Say whether a name can be looked up: others make the lookup itself fail, with errors that no caller expects.

    Args:
        host: The name or the number of a host.

    Example:
        >>> is_host_name("model.example"), is_host_name("model..example")
        (True, False)
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
