"""TLS, `ca_file` and proxies, with certificates made for the run."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.unit.net_chaos import (
    CANARY,
    END,
    LIST,
    Asked,
    answer,
    chaos,
    read_request,
    rig,
    says,
)
from tui.model.problem import ConfigProblem, Unreachable
from tui.net import tls
from tui.net.origin import Origin
from tui.net.proxy import proxy_for

pytestmark = pytest.mark.anyio

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl command")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for api.example.test and 127.0.0.1 that only its own file vouches for, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    made, key = folder / "cert.pem", folder / "key.pem"
    names = "subjectAltName=DNS:api.example.test,IP:127.0.0.1"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", "2", "-subj", "/CN=test", "-addext", names]
    command += ["-keyout", str(key), "-out", str(made)]
    subprocess.run(command, check=True, capture_output=True)
    return made, key


@pytest.fixture
def server_tls(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


@needs_openssl
async def test_a_ca_file_is_trusted_and_nothing_else_is(
    certificate: tuple[Path, Path], server_tls: ssl.SSLContext
) -> None:
    async with chaos(says(answer()), tls=server_tls) as server:
        async with rig(server.url, ca_file=str(certificate[0])) as it:
            assert (await it.client.send(LIST)).ok
            assert (await it.client.send(END, path={"id": "1"})).ok
            ends = it.log[0].certificate_ends
            assert ends is not None  # the one that was made for the run is good for two days
            assert timedelta(days=1) < ends - datetime.now(UTC) <= timedelta(days=2)
        heard = len(server.asked)
        async with rig(server.url) as it:
            for operation, path in ((LIST, {}), (END, {"id": "1"})):
                with pytest.raises(Unreachable) as caught:
                    await it.client.send(operation, path=path)
                assert "certificate is not trusted" in caught.value.message
                assert "nothing was sent" in caught.value.message
        assert len(server.asked) == heard


async def test_a_server_that_speaks_no_tls_is_unreachable() -> None:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await reader.read()
        writer.close()

    async with await asyncio.start_server(babble, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        async with rig(f"https://127.0.0.1:{port}") as it:
            with pytest.raises(Unreachable, match="does not speak TLS as we do; nothing was sent"):
                await it.client.send(LIST)


@needs_openssl
async def test_a_name_the_certificate_does_not_hold(
    certificate: tuple[Path, Path], server_tls: ssl.SSLContext
) -> None:
    async with chaos(says(answer()), tls=server_tls) as server:
        url = server.url.replace("127.0.0.1", "localhost")
        async with rig(url, ca_file=str(certificate[0])) as it:
            with pytest.raises(Unreachable, match="not trusted"):
                await it.client.send(LIST)


class Tunnels:
    """A CONNECT proxy in front of one port; with `refuses` it answers that instead."""

    def __init__(self, port: int, refuses: bytes = b"") -> None:
        self.port = port
        self.refuses = refuses
        self.asked: list[Asked] = []
        self.tasks: list[asyncio.Task[None]] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked.append(await read_request(reader))
        if self.refuses:
            writer.write(self.refuses)
            await writer.drain()
            writer.close()
            return
        there = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        for source, sink in ((reader, there[1]), (there[0], writer)):
            self.tasks.append(asyncio.create_task(_pump(source, sink)))


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    sink.close()


@needs_openssl
async def test_a_proxy_from_the_environment_sees_the_way_and_not_the_key(
    certificate: tuple[Path, Path],
    server_tls: ssl.SSLContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with chaos(says(answer(b'{"here": 1}')), tls=server_tls) as server:
        proxy = Tunnels(server.port)
        async with await asyncio.start_server(proxy.serve, "127.0.0.1", 0) as listening:
            port = listening.sockets[0].getsockname()[1]
            monkeypatch.setenv("HTTPS_PROXY", f"http://me:p%40ss@127.0.0.1:{port}")
            async with rig("https://api.example.test/v1", ca_file=str(certificate[0])) as it:
                assert (await it.client.send(LIST)).json() == {"here": 1}
            await asyncio.gather(*proxy.tasks)
    (way,) = proxy.asked
    assert (way.method, way.target) == ("CONNECT", "api.example.test:443")
    assert way.header("proxy-authorization") == "Basic bWU6cEBzcw=="
    assert CANARY not in repr(way)
    assert server.asked[0].target == "/v1/things"
    assert server.asked[0].header("authorization") == f"Bearer {CANARY}"
    assert server.asked[0].header("proxy-authorization") is None


async def test_a_proxy_that_refuses_means_that_nothing_was_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for refusal in (b"HTTP/1.1 407 \x1b[2J\r\nContent-Length: 0\r\n\r\n", b"garbage\r\n\r\n"):
        proxy = Tunnels(0, refusal)
        async with await asyncio.start_server(proxy.serve, "127.0.0.1", 0) as listening:
            port = listening.sockets[0].getsockname()[1]
            monkeypatch.setenv("HTTPS_PROXY", f"127.0.0.1:{port}")
            async with rig("https://api.example.test") as it:
                with pytest.raises(Unreachable) as caught:
                    await it.client.send(END, path={"id": "1"})
        assert "nothing was sent" in caught.value.message
        assert "through the proxy 127.0.0.1" in caught.value.message
        assert caught.value.message.isprintable()


def test_which_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    origin = Origin.parse("https://api.example.test")
    assert proxy_for(origin) is None
    monkeypatch.setenv("all_proxy", "http://one:8080")
    found = proxy_for(origin)
    assert found is not None
    assert (found.scheme, found.host, found.port, found.login) == ("http", "one", 8080, None)
    monkeypatch.setenv("https_proxy", "https://u:secretword@two")
    found = proxy_for(origin)
    assert found is not None
    assert (found.host, found.port, found.login) == ("two", 443, (b"u", b"secretword"))
    assert "secretword" not in repr(found)
    monkeypatch.setenv("no_proxy", "example.test")
    assert proxy_for(origin) is None
    assert proxy_for(Origin.parse("https://other.test")) is not None
    assert proxy_for(Origin.parse("http://127.0.0.1:8000")) is None


@pytest.mark.parametrize(
    "value", ["ftp://x", "http://", "http://[", "http://h:99999", "http://a b"]
)
def test_a_proxy_that_is_none_is_named_not_quoted(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", value)
    with pytest.raises(ConfigProblem, match="HTTPS_PROXY") as caught:
        proxy_for(Origin.parse("https://api.example.test"))
    assert value not in caught.value.message


def test_a_socks_proxy_needs_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.net.proxy.find_spec", lambda name: None)
    monkeypatch.setenv("all_proxy", "socks5h://127.0.0.1:1080")
    with pytest.raises(ConfigProblem, match="socksio"):
        proxy_for(Origin.parse("https://api.example.test"))


def test_a_connection_that_tells_no_certificate_ends_nowhere() -> None:
    assert tls.certificate_end(None) is None
    unconnected = ssl.create_default_context().wrap_bio(
        ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="a.test"
    )
    assert tls.certificate_end(unconnected) is None


def test_one_shared_context_and_a_ca_file_of_its_own(tmp_path: Path) -> None:
    assert tls.context() is tls.context()
    for content in (b"", b"nonsense"):
        path = tmp_path / "ca.pem"
        path.write_bytes(content)
        with pytest.raises(ConfigProblem, match=r"ca\.pem holds no certificate"):
            tls.context(str(path))
    with pytest.raises(ConfigProblem, match=r"missing\.pem cannot be read"):
        tls.context(str(tmp_path / "missing.pem"))
