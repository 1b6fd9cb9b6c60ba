"""Listening sockets and their addresses."""

import os
import socket
from ipaddress import ip_address

from scrapers.errors import FilingsError

LOOPBACK = "127.0.0.1"


class ListenError(FilingsError):
    """The address or port is not available."""


def listen(host: str, port: int, command: str) -> socket.socket:
    """Reserve a port now, long before the server is ready to answer. Raises ListenError.

    `command` is what the user typed, for the remedy.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
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
