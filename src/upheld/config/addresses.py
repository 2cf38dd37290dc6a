"""The addresses that Upheld listens on."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from upheld.config.trouble import Trouble


@dataclass(frozen=True)
class Address:
    """A host and a port, and the variable that sets them."""

    host: str
    port: int
    variable: str

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def to_visit(self) -> str:
        """The address that a program on this machine connects to."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(self.host, self.host)  # noqa: S104
        return str(Address(host, self.port, self.variable))


def http_address(environ: Mapping[str, str] = os.environ) -> Address:
    """Where the pages are served."""
    return _parsed(environ, "UPHELD_HTTP_ADDRESS", "127.0.0.1:8000")


def smtp_address(environ: Mapping[str, str] = os.environ) -> Address:
    """Where mail is accepted."""
    return _parsed(environ, "UPHELD_SMTP_ADDRESS", "127.0.0.1:2525")


def require_free(address: Address) -> None:
    """Say so in one line when an address cannot be listened on."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
            probe.listen(1)
        except OSError as error:
            raise Trouble(_reason(address, error), _another(address)) from None


def _reason(address: Address, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {address.port} is in use by another program."
    if error.errno == errno.EACCES:
        return f"Port {address.port} may not be opened by this user."
    return f"{address.variable}={address} cannot be listened on: {error.strerror or error}."


def _another(address: Address) -> str:
    port = address.port + 1 if 1024 <= address.port < 65535 else 8000
    return f"Choose another: {address.variable}={Address(address.host, port, '')}"


def _parsed(environ: Mapping[str, str], variable: str, default: str) -> Address:
    text = environ.get(variable) or default
    host, _, port = text.rpartition(":")
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise Trouble(f"{variable}={text} is not an address.", f"Write it as in {variable}={default}")
    return Address(host.strip("[]"), int(port), variable)
