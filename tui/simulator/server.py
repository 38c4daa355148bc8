"""The simulator: the vendors' web server and the proxy in front of it, in a thread of its own.

Loopback only. Two ports are opened: the public one (the proxy of `faults.py`) and one behind it.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from types import TracebackType

import uvicorn
from starlette.responses import Response
from starlette.routing import Router
from starlette.types import ASGIApp

from tui.simulator.desk import Desk, utc_now
from tui.simulator.faults import FaultProxy, Settings
from tui.simulator.play import Play
from tui.simulator.record import Requests, Seen
from tui.simulator.vendors import chosen
from tui.simulator.web import Stage, Vendor

LOOPBACK = "127.0.0.1"


class Simulator:
    """All vendors over one desk.

    seed, sessions, rate, clock  as for `Desk`
    play     `{name: value}`, see `play.describe()`; ValueError for what is not known
    port     0 takes any free one
    timer    seconds that only grow, for the vendors' rate limits
    vendors  ids of providers, `vendors.ALL` for all; None: those of `vendors.USUAL`. ValueError
             for one that is not known

    `with Simulator() as sim:` starts and stops it; `start` and `stop` do the same by hand.
    """

    def __init__(
        self,
        seed: int = 1,
        sessions: int = 40,
        rate: float = 0.0,
        play: Mapping[str, str] | None = None,
        port: int = 0,
        clock: Callable[[], datetime] | None = None,
        timer: Callable[[], float] = time.monotonic,
        vendors: Sequence[str] | None = None,
    ) -> None:
        self._play = Play(play)
        now = clock or utc_now
        types = {name: entry.load() for name, entry in chosen(vendors).items()}
        naming = {kind: names for one in types.values() for kind, names in one.naming(seed).items()}
        wings = [wing for one in types.values() if (wing := one.wing()) is not None]
        self.desk = Desk(seed, sessions, rate, now, naming, wings)
        stage = Stage(self.desk, self._play, now, timer)
        self.vendors: dict[str, Vendor] = {name: one(stage) for name, one in types.items()}
        self.requests = Requests()
        self._settings = Settings(self._play.fault, self.requests.add, now)
        self._wanted_port = port
        self._thread: _Thread | None = None

    # Life

    def start(self) -> None:
        """Returns when requests can be made. OSError when the port is taken.

        RuntimeError when it runs already.
        """
        if self._thread is not None:
            raise RuntimeError("the simulator runs already")
        public = _listening(self._wanted_port)
        servers = dict(self.vendors)
        for vendor in self.vendors.values():
            servers |= {one.id: one for one in vendor.beside()}
        mounts = [server.mount() for server in servers.values()]
        self._thread = _Thread(
            Router(mounts, redirect_slashes=False, default=_nobody(self.vendors)),
            public,
            self._settings,
        )
        self._thread.begin()

    def stop(self) -> None:
        """Ends every connection and the thread; nothing happens when it does not run."""
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.finish()

    def __enter__(self) -> Simulator:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    # While it runs

    @property
    def port(self) -> int:
        """The public port. RuntimeError when the simulator does not run."""
        return self._running.port

    @property
    def _running(self) -> _Thread:
        if self._thread is None:
            raise RuntimeError("the simulator does not run")
        return self._thread

    @property
    def base_urls(self) -> dict[str, str]:
        """For each provider what its profiles have as `base_url`."""
        return {name: f"http://{LOOPBACK}:{self.port}/{name}" for name in self.vendors}

    def profiles(self) -> dict[str, object]:
        """A whole profiles.toml as plain values, with one good profile a provider."""
        found: dict[str, dict[str, object]] = {}
        for name, url in self.base_urls.items():
            found |= self.vendors[name].profiles(url)
        return {"version": 1, "profiles": found}

    def play(self, name: str, value: str) -> None:
        """Turn a knob now. ValueError for what is not known."""
        self._play.set(name, value)

    @property
    def connections(self) -> int:
        """How many clients are connected now."""
        return self._running.proxy.connections

    @property
    def unsent(self) -> int:
        """Bytes of answers that no client has taken yet, beside what the kernel holds."""
        return self._running.proxy.unsent

    @property
    def elsewhere(self) -> str:
        """The origin that the faults `redirect` and `next-link` lead to."""
        return self._settings.elsewhere

    @elsewhere.setter
    def elsewhere(self, origin: str) -> None:
        self._settings.elsewhere = origin

    def wait_for_request(self, predicate: Callable[[Seen], bool], timeout: float = 5.0) -> Seen:
        """The first request, remembered or coming, that fits; TimeoutError after `timeout` s."""
        return self.requests.wait_for(predicate, timeout)


class _Thread:
    """The thread with the loop in which uvicorn and the proxy run."""

    def __init__(self, app: Router, public: socket.socket, settings: Settings) -> None:
        self.port: int = public.getsockname()[1]
        self._app, self._public = app, public
        self._inner = _listening(0)
        self.proxy = FaultProxy(self._inner.getsockname()[1], settings)
        self._thread = threading.Thread(target=self._work, name="simulator", daemon=True)
        self._ready = threading.Event()
        self._error: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over: asyncio.Event | None = None

    def begin(self) -> None:
        self._thread.start()
        self._ready.wait()
        if self._error is not None:
            self._thread.join()
            raise self._error

    def finish(self) -> None:
        if self._loop is not None and self._over is not None:
            self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    def _work(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self._error = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        server = _web_server(self._app)
        serving = asyncio.create_task(server.serve([self._inner]))
        await self.proxy.start(self._public)
        # Both sockets listen by now: what comes before uvicorn accepts waits in its backlog.
        self._ready.set()
        await self._over.wait()
        await self.proxy.stop()
        server.should_exit = server.force_exit = True
        await serving


def _web_server(app: Router) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            app,
            http="h11",
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            access_log=False,
            date_header=False,
            server_header=False,
            proxy_headers=False,
            # The proxy ends its connections itself; an idle one must not vanish under a request.
            timeout_keep_alive=3600,
        )
    )


def _listening(port: int) -> socket.socket:
    # With the protocol named asyncio sets TCP_NODELAY; without, every answer takes 40 ms longer.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((LOOPBACK, port))
        listening.listen(256)
        listening.setblocking(False)
    except OSError:
        listening.close()
        raise
    return listening


def _nobody(vendors: Iterable[str]) -> ASGIApp:
    """The answer under a path that is no vendor's."""
    names = ", ".join(f"/{name}" for name in vendors)
    return Response(f"simulated vendors: {names}\n", 404, media_type="text/plain")
