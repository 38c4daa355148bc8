"""Ways to a vendor that fail: certificates that are not to be trusted, servers that speak no TLS, and proxies."""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.leaks.listening import Listening
from tests.leaks.mirror import answer

NAME: Final = "api.example.test"
_CA: Final = """
[ca]
default_ca = own
[own]
database = {folder}/index.txt
new_certs_dir = {folder}
serial = {folder}/serial
default_md = sha256
policy = any
x509_extensions = names
copy_extensions = copy
[any]
commonName = supplied
[names]
subjectAltName = {names}
[req]
distinguished_name = who
[who]
"""


@dataclass(frozen=True)
class Certificate:
    """One that vouches for itself."""

    file: Path
    key: Path

    def server(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file, self.key)
        return context


def certificate(folder: Path, names: str, *, ended: bool = False) -> Certificate:
    """For these names (`DNS:...`, `IP:...`, with commas); with `ended` its time was some years ago."""
    folder.mkdir(parents=True)
    (folder / "index.txt").touch()
    (folder / "serial").write_text("01\n")
    settings, key, wanted, made = (
        folder / name for name in ("ca.cnf", "key.pem", "wanted.pem", "cert.pem")
    )
    settings.write_text(_CA.format(folder=folder, names=names))
    end = "20200102000000Z" if ended else "20490101000000Z"
    config = ["-config", str(settings)]
    _openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", str(key))
    _openssl("req", "-new", *config, "-key", str(key), "-subj", "/CN=test", "-out", str(wanted))
    _openssl(
        *("ca", "-batch", "-selfsign", "-notext", *config, "-keyfile", str(key)),
        *("-startdate", "20200101000000Z", "-enddate", end, "-in", str(wanted), "-out", str(made)),
    )
    return Certificate(made, key)


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


# --- what is no TLS -------------------------------------------------------------------------------------------

HARD: Final[dict[str, Callable[[bytes], bytes]]] = {
    "plain http, with what it was sent quoted": lambda heard: answer(400, heard),
    "plain http that leads away": lambda heard: answer(301, b"", "Location: http://a.invalid/"),
    "an alert": lambda heard: b"\x15\x03\x03\x00\x02\x02\x28",
    "a hello that is cut": lambda heard: (
        b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03" + bytes(20)
    ),
    "another protocol": lambda heard: b"SSH-2.0-OpenSSH_9.6\r\n",
    "an echo": lambda heard: heard,
    "nothing": lambda heard: b"",
}


@dataclass
class Rude(Listening):
    """Listens in a thread, answers the first bytes of each connection and closes. `heard` is all that came."""

    says: Callable[[bytes], bytes]
    heard: list[bytes] = field(default_factory=list)

    def serve(self, connection: socket.socket) -> None:
        heard = connection.recv(65_536)
        self.heard.append(heard)
        self._answer(connection, heard)

    def _answer(self, connection: socket.socket, heard: bytes) -> None:
        connection.sendall(self.says(heard))


# --- proxies --------------------------------------------------------------------------------------------------


def _one_line(heard: bytes) -> str:
    return " ".join(heard.decode("latin-1").split())


def _refusing(status: int) -> Callable[[bytes], bytes]:
    """Quotes what it was sent wherever an answer has room."""

    def says(heard: bytes) -> bytes:
        text = _one_line(heard)
        headers = [
            f"{name}: {text}" for name in ("Proxy-Authenticate", "Via", "Location", "Server")
        ]
        return answer(status, heard, *headers, reason=text)

    return says


REFUSING: Final[dict[str, Callable[[bytes], bytes]]] = {
    **{f"refuses with {status}": _refusing(status) for status in (302, 400, 403, 407, 500, 502)},
    "answers with what it was sent": lambda heard: heard,
    "answers with garbage": lambda heard: b"\x00\x01" + _one_line(heard).encode() + b"\r\n\r\n",
    "hangs up": lambda heard: b"",
    "hangs up in the middle of its answer": lambda heard: _refusing(407)(heard)[:90],
    "lets through, then says no TLS": lambda heard: b"HTTP/1.1 200 OK\r\n\r\n" + heard,
    "lets through, then hangs up": lambda heard: b"HTTP/1.1 200 OK\r\n\r\n",
}


@dataclass
class Passing(Rude):
    """A proxy that does what it is for: it leads to one port."""

    says: Callable[[bytes], bytes] = bytes
    to: int = 0

    def _answer(self, connection: socket.socket, heard: bytes) -> None:
        with socket.create_connection(("127.0.0.1", self.to)) as there:
            there.settimeout(20)
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            back = threading.Thread(target=_pump, args=(there, connection), daemon=True)
            back.start()
            _pump(connection, there)
            back.join(20)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
