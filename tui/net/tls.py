"""Whom we trust: the machine's own authorities, and those of a profile's `ca_file` beside them."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from functools import cache

from tui.model.problem import ConfigProblem


def context(ca_file: str | None = None) -> ssl.SSLContext:
    """The TLS settings for a client: one shared by all, or one more for a `ca_file`.

    There is no way to switch the verification off. Raises `ConfigProblem` when the file cannot be used.
    """
    if ca_file is None:
        return _shared()
    made = _system()
    try:
        made.load_verify_locations(cafile=ca_file)
    except ssl.SSLError:
        raise ConfigProblem(f"ca_file {ca_file} holds no certificate in PEM form") from None
    except OSError as exc:
        raise ConfigProblem(f"ca_file {ca_file} cannot be read: {exc.strerror}") from None
    return made


def certificate_end(connection: ssl.SSLObject | None) -> datetime | None:
    """Until when the certificate of a connection is valid; None where that is not told."""
    try:
        told = (connection.getpeercert() or {}).get("notAfter") if connection is not None else None
        return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(told)), UTC) if told else None
    except (ValueError, OverflowError, OSError):
        return None


@cache
def _shared() -> ssl.SSLContext:
    return _system()


def _system() -> ssl.SSLContext:
    import truststore  # late: a profile on loopback needs none of it

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
