"""An HTTP server on loopback that writes down what reaches it, and answers as a scenario says.

An answer is one of these texts:

- a status, such as `404`; or a status and where it leads to, such as `307 /else` or `307 http://{other}/else`;
- `slow`: 200 after a moment; `silent`: no answer; `trickle`: the head of an answer, byte by byte, without an end;
  `drip`: a whole head, then a body that does not end; `reset`, `close`: no answer, and no connection any more;
- `garbage`: what is no HTTP; `short`: a body shorter than announced.

A server that keeps a client waiting gives up after a second, so that no check can hang.
"""

import atexit
import contextlib
import functools
import json
import os
import select
import socket
import struct
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue
from typing import Any
from urllib.parse import parse_qsl

from ..scenarios import plain

__all__ = ["KEEP_WAITING", "Recorder", "serving"]

GIVES_UP_AFTER = 1.0
SHOWN = ("authorization", "x-")
KEEP_WAITING = frozenset({"slow", "silent", "trickle", "drip"})
"""Answers that take their time, in seconds of the real clock."""


class Recorder:
    """A running server; `close` ends it."""

    def __init__(self) -> None:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.recorder = self  # type: ignore[attr-defined]
        self._nobody = socket.socket()  # bound, and never listening: who connects is refused
        self._nobody.bind(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        self._names = {
            "{server}": f"127.0.0.1:{self._server.server_port}",
            "{other}": f"localhost:{self._server.server_port}",
            "{closed}": f"127.0.0.1:{self._nobody.getsockname()[1]}",
        }
        self.begin([])

    def begin(self, answers: list[str]) -> None:
        """Forget what was seen, and answer like this from now on."""
        self._answers = list(answers)
        self._seen: list[dict[str, Any]] = []
        self.outwaited = False
        self.over = threading.Event()

    def addressed(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Return arguments that lead here: names in braces replaced by addresses, and a `root` if there is none."""
        named = {"root": "http://{server}", **arguments}
        return {name: self.fill(value) if isinstance(value, str) else value for name, value in named.items()}

    def fill(self, text: str) -> str:
        """Return the text with the names in braces replaced by addresses."""
        for name, address in self._names.items():
            text = text.replace(name, address)
        return text

    def take(self) -> tuple[list[dict[str, Any]], bool]:
        """Return the requests since the last look, and whether the server gave up waiting."""
        seen, self._seen = self._seen, []
        return seen, self.outwaited

    def next_answer(self, request: dict[str, Any]) -> str:
        """Write a request down, and return what is answered to it."""
        self._seen.append(request)
        return self._answers.pop(0) if self._answers else "200"

    def close(self) -> None:
        """Stop the server, and free its ports."""
        self.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._nobody.close()


@contextlib.contextmanager
def serving(wanted: bool, answers: list[str]) -> Iterator[Recorder | None]:
    """Offer a server with these answers, reached without any proxy; None where none is wanted."""
    if not wanted:
        yield None
        return
    recorder = _recorder()
    recorder.begin(answers)
    before = {name: os.environ.get(name) for name in ("no_proxy", "NO_PROXY")}
    _set_environ(dict.fromkeys(before, "127.0.0.1,localhost"))  # these alone: to put all of it back takes long
    try:
        yield recorder
    finally:
        _set_environ(before)
        recorder.over.set()


def _set_environ(values: dict[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


@functools.cache
def _recorder() -> Recorder:
    recorder = Recorder()
    atexit.register(recorder.close)
    return recorder


class _Server(ThreadingHTTPServer):
    """Has each connection served by a thread that is kept for the next one: to start one costs as much as to answer."""

    def __init__(self, *arguments: Any) -> None:
        self._waiting: SimpleQueue[tuple[Any, Any]] = SimpleQueue()
        self._idle = threading.Semaphore(0)
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Leave a connection to a thread that waits for one, or to a new one."""
        self._waiting.put((request, client_address))
        if not self._idle.acquire(blocking=False):
            threading.Thread(target=self._work, daemon=True).start()

    def _work(self) -> None:
        while True:
            self.process_request_thread(*self._waiting.get())
            self._idle.release()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body are sent together
    disable_nagle_algorithm = True  # a head and a short body would come 40 ms apart

    @property
    def recorder(self) -> Recorder:
        """Where requests are written down."""
        return self.server.recorder  # type: ignore[attr-defined,no-any-return]

    def answer(self) -> None:
        over = self.recorder.over
        with contextlib.suppress(OSError):  # who hung up wants no answer
            word, _, target = self.recorder.next_answer(self._request()).partition(" ")
            if word.isdigit():
                self._status(int(word), self.recorder.fill(target))
            else:
                self._misbehave(word, over)

    do_GET = do_POST = do_PUT = answer

    def _request(self) -> dict[str, Any]:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        kind = self.headers.get("Content-Type", "").partition(";")[0]
        shown: dict[str, Any] = {"to": self.path, **_event(kind, body)}
        own = {name: value for name, value in self.headers.items() if name.lower().startswith(SHOWN)}
        host = self.headers.get("Host", "").partition(":")[0]
        unusual = {"method": (self.command, "POST"), "host": (host, "127.0.0.1"), "headers": (own, {})}
        return {**shown, **{name: seen for name, (seen, usual) in unusual.items() if seen != usual}}

    def _status(self, status: int, target: str) -> None:
        self.send_response(status)
        if target:
            self.send_header("Location", target)
        body = b"" if status == 204 else b"ok"
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _misbehave(self, word: str, over: threading.Event) -> None:
        self.close_connection = True
        if word == "slow":
            over.wait(0.03)
            self._status(200, "")
        elif word == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        elif word in ("silent", "trickle", "drip"):
            self._keep_waiting(word, over)
        elif word in BYTES:
            self.wfile.write(BYTES[word])

    def _keep_waiting(self, word: str, over: threading.Event) -> None:
        self._send(BYTES.get(word, b""))
        steps = round(GIVES_UP_AFTER / 0.05)
        for _ in range(steps):
            if over.wait(0.05) or (word == "silent" and select.select([self.connection], [], [], 0)[0]):
                return  # the scenario is over, or the client hung up
            self._send(b"" if word == "silent" else b"x")
        if over is self.recorder.over:
            self.recorder.outwaited = True

    def _send(self, data: bytes) -> None:
        self.wfile.write(data)
        self.wfile.flush()

    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""

    def handle(self) -> None:
        with contextlib.suppress(OSError, ValueError):  # the client, or an answer of ours, closed the connection
            super().handle()

    def finish(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            super().finish()


BYTES = {
    "trickle": b"HTTP/1.1 200 OK\r\nX-Long: ",
    "drip": b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n",
    "garbage": b"hello\r\n\r\n",
    "short": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
}


def _event(kind: str, body: str) -> dict[str, Any]:
    """Return a form's one field and the JSON in it, or the content type and the JSON that is the body."""
    if kind == "application/x-www-form-urlencoded":
        fields = parse_qsl(body, keep_blank_values=True)
        return {"field": fields[0][0], "event": _loaded(fields[0][1])} if len(fields) == 1 else {"form": fields}
    return {"type": kind, "event": _loaded(body)}


def _loaded(text: str) -> Any:
    try:
        return plain(json.loads(text))
    except ValueError:
        return text
