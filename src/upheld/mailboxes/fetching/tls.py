"""Whose certificates are trusted: the system's, or Mozilla's list where the system has none."""

import ssl
from ipaddress import ip_address
from pathlib import Path

import certifi


def trusting_context() -> ssl.SSLContext:
    """A context that checks certificates and names. SSL_CERT_FILE names another list, as everywhere."""
    context = ssl.create_default_context()
    if not _system_trusts_somebody():
        context.load_verify_locations(certifi.where())
    return context


def _system_trusts_somebody() -> bool:
    paths = ssl.get_default_verify_paths()
    return bool(paths.cafile) or bool(paths.capath and any(Path(paths.capath).iterdir()))


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by its name or address alone."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
