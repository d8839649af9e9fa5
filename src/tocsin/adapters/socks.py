"""Connections through a SOCKS proxy (RFC 1928), such as Tor: the proxy looks the name up, this machine never does."""

import socket
import struct
from contextlib import ExitStack
from typing import Final

_VERSION, _CONNECT, _BY_NAME = 5, 1, 3
_LONGEST_NAME: Final = 255
# How long what follows is, by the kind of the address at which the proxy says that it bound.
_LENGTHS: Final = {1: 4, 4: 16}
_REFUSALS: Final = (
    *("", "the proxy failed", "the proxy may not", "its network cannot be reached", "nobody is found by this name"),
    *("it takes no connection", "it took too long", "the proxy cannot do this", "the proxy knows no such names"),
)


def connect(proxy: tuple[str, int], host: str, port: int, *, seconds: float) -> socket.socket:
    """Connect to a host by its name, through a proxy.

    Raises:
        OSError: The proxy is not there or refuses; its words say which.
    """
    name = host.encode("ascii", "strict")
    if not 0 < len(name) <= _LONGEST_NAME:
        raise OSError("this name is too long")
    with ExitStack() as stack:
        try:
            line = stack.enter_context(socket.create_connection(proxy, seconds))
        except OSError as error:
            raise OSError(f"no proxy at {proxy[0]}:{proxy[1]} ({error.strerror or error}); does Tor run?") from error
        line.sendall(bytes((_VERSION, 1, 0)))
        if _exactly(line, 2) != bytes((_VERSION, 0)):
            raise OSError("this is no SOCKS proxy, or it asks for a password")
        line.sendall(bytes((_VERSION, _CONNECT, 0, _BY_NAME, len(name))) + name + struct.pack("!H", port))
        _, refused, _, kind = _exactly(line, 4)
        if refused:
            raise OSError(_REFUSALS[refused] if refused < len(_REFUSALS) else f"the proxy refuses: {refused}")
        _exactly(line, _LENGTHS.get(kind) or _exactly(line, 1)[0])
        _exactly(line, 2)
        stack.pop_all()
        return line


def _exactly(line: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        piece = line.recv(count - len(found))
        if not piece:
            raise OSError("the proxy ended the connection")
        found += piece
    return found
