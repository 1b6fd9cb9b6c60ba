"""Listening sockets and their addresses."""

import errno
import os
import socket
from ipaddress import ip_address

from scrapers.errors import FilingsError

LOOPBACK = "127.0.0.1"
_ADDRESS_ERRORS = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}


class ListenError(FilingsError):
    """The address is not one of this machine, or the port is not available."""


def listen(host: str, port: int, command: str) -> socket.socket:
    """Reserve a port now, long before the server is ready to answer. Raises ListenError.

    `command` is what the user typed, for the remedy.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        # The number is negative for a name that cannot be resolved.
        number = error.errno or 0
        reason = os.strerror(number) if number > 0 else str(error)
        if number < 0 or number in _ADDRESS_ERRORS:
            raise ListenError(
                f"{host} is not an address of this machine: {reason}",
                remedy=f"Use one of its addresses, such as `{command} --host {LOOPBACK}`",
            ) from error
        raise ListenError(
            f"port {port} of {host} cannot be used: {reason}",
            remedy=f"Choose another port, such as `{command} --port {port % 65535 + 1}`, "
            "or end the program that uses it",
        ) from error


def address_of(listener: socket.socket) -> str:
    """The address of a listening socket, such as `http://127.0.0.1:3000`."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
