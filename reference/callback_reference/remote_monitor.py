"""RemoteMonitor: send the logs of each epoch to a server."""

import json
import threading
import warnings
from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urljoin, urlsplit

from .callback import Callback
from .in_time import InTime
from .monitoring import is_number
from .protocol import Logs

__all__ = ["RemoteMonitor"]

UNREACHED = "Could not reach RemoteMonitor root server at {root}: {why}"
REFUSED = "RemoteMonitor: the server at {root} did not take epoch {epoch}: {why}"
UNWRITABLE = "RemoteMonitor: epoch {epoch} cannot be written as JSON, so it was not sent: {why}"
MISSING = "RemoteMonitor needs the package requests: pip install 'callback-conformance[remote]'"
WRONG = "RemoteMonitor: {name} must be {accepted}, got {value!r}"
SAME_AGAIN = (307, 308)
REDIRECTS = 5


class RemoteMonitor(Callback):
    """Send `{"epoch": epoch, **logs}` as JSON to `root + path` by HTTP POST after each epoch.

    A server that does not answer, or says no, costs a warning and at most `timeout` seconds; training goes on.
    No warning or error shows a header's value, or a password in `root`.

    Args:
        root: URL of the server, with `http://` or `https://`, default "http://localhost:9000".
        path: appended to `root` as it is, default "/publish/epoch/end/".
        field: the form field that holds the JSON, default "data"; not used with `send_as_json`.
        headers: HTTP headers to send, names and values as strings; None sends none of its own.
        send_as_json: False sends a form with one field; True sends the JSON alone, as `application/json`.
        timeout: seconds after which an epoch counts as not sent, default 10, looking up the server's name included.

    Raises:
        ImportError: the package `requests` is not installed.
        TypeError: an argument is of the wrong type.
        ValueError: `root` is no URL of a server, `path` changes the server, `timeout` is not positive and finite, or a
            header cannot be sent.

    >>> monitor = RemoteMonitor("http://localhost:9000", timeout=0.5)
    >>> monitor.event(3, {"loss": 0.5})
    {'epoch': 3, 'loss': 0.5}

    Clauses: RM-01 to RM-30.
    """

    def __init__(
        self,
        root: str = "http://localhost:9000",
        path: str = "/publish/epoch/end/",
        field: str = "data",
        headers: Mapping[str, str] | None = None,
        send_as_json: bool = False,
        timeout: float = 10.0,
    ) -> None:
        super().__init__()
        try:
            import requests
        except ImportError as error:
            raise ImportError(MISSING) from error  # RM-24
        for name, value in {"root": root, "path": path, "field": field}.items():
            if not isinstance(value, str):
                raise TypeError(WRONG.format(name=name, accepted="a string", value=value))  # RM-25
        if not is_number(timeout):
            raise TypeError(WRONG.format(name="timeout", accepted="a number of seconds", value=timeout))
        if not 0 < timeout < threading.TIMEOUT_MAX:
            raise ValueError(WRONG.format(name="timeout", accepted="positive and finite", value=timeout))
        _require_url(root, path)
        _require_headers(headers)
        self.root = root
        self.path = path
        self.field = field
        self.headers = headers
        self.send_as_json = send_as_json
        self.timeout = timeout
        self._in_time = InTime()
        self._session = requests.Session()  # kept, because to build one costs as much as to send
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # no epoch hears of another

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Send the epoch, or warn."""
        try:
            text = json.dumps(self.event(epoch, logs or {}))
        except (TypeError, ValueError) as error:
            warnings.warn(UNWRITABLE.format(epoch=epoch, why=error), stacklevel=2)  # RM-12
            return
        complaint = self._send_in_time(text)
        if complaint:
            wording, why = complaint
            warnings.warn(wording.format(root=_shown(self.root), epoch=epoch, why=why), stacklevel=2)  # RM-15

    def event(self, epoch: int, logs: Logs) -> dict[str, Any]:
        """Return what is sent for an epoch, as JSON can hold it."""
        return {key: _plain(value) for key, value in {"epoch": epoch, **logs}.items()}  # RM-05, RM-06

    def _send_in_time(self, text: str) -> tuple[str, str] | None:
        """Send in another thread, because no limit of the HTTP library covers a whole request."""
        try:
            complaint: tuple[str, str] | None = self._in_time.result(lambda: self._send(text), self.timeout)
        except TimeoutError:  # RM-18
            return UNREACHED, f"no answer within {self.timeout} seconds"
        return complaint

    def _send(self, text: str) -> tuple[str, str] | None:
        """Return None if the server took the event, else a warning and its reason."""
        try:
            status, where = self._post(text)
        except Exception as error:  # training must not die of its monitor, whatever the library raises
            return UNREACHED, type(error).__name__  # RM-16: its text may hold a header or a password
        finally:
            self._session.close()  # a connection that idles for an epoch may be dead, and nobody would notice
        return None if status < 300 else (REFUSED, f"status {status}{where}")

    def _post(self, text: str) -> tuple[int, str]:
        url = self.root + self.path
        for _ in range(REDIRECTS):
            with self._answer(url, text) as answer:  # RM-20: the body of the answer is left unread
                status, target = answer.status_code, answer.headers.get("location")
            if not target or not 300 <= status < 400:
                return status, ""
            target = urljoin(url, target)
            if status not in SAME_AGAIN or _server(target) != _server(url):
                break  # RM-22, RM-23
            parts = urlsplit(target)
            url = parts._replace(netloc=urlsplit(url).netloc, fragment="").geturl()  # RM-21
        return status, f", a redirect to {_shown(target)} that was not followed"

    def _answer(self, url: str, text: str) -> Any:
        body: dict[str, Any] = {"data": {self.field: text}}  # RM-03
        if self.send_as_json:
            body = {"json": json.loads(text, parse_constant=lambda constant: None)}  # RM-04, RM-11
        return self._session.post(
            url, headers=self.headers, timeout=self.timeout, stream=True, allow_redirects=False, **body
        )


def _plain(value: Any) -> Any:
    """Return arrays and NumPy scalars as Python numbers and lists."""
    if not hasattr(value, "tolist"):
        return value
    return value.item() if value.size == 1 else value.tolist()  # RM-07, RM-09


def _server(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def _shown(url: str) -> str:
    """Return a URL without a password and without a query."""
    before, _, after = url.rpartition("@")
    scheme, slashes, _ = before.partition("//")
    return (scheme + slashes if slashes else "") + after.partition("?")[0]  # RM-16


def _require_url(root: str, path: str) -> None:
    server = _server_or_none(root)
    if server is None or server[0] not in ("http", "https") or not server[1]:
        accepted = "a URL that begins with http:// or https:// and names a server"
        raise ValueError(WRONG.format(name="root", accepted=accepted, value=_shown(root)))  # RM-26
    if _server_or_none(root + path) != server:
        raise ValueError(
            WRONG.format(name="path", accepted="such that root + path is on the same server", value=_shown(path))
        )


def _server_or_none(url: str) -> tuple[str, str | None, int | None] | None:
    try:
        return _server(url)
    except ValueError:
        return None


def _require_headers(headers: Any) -> None:
    if headers is not None and not isinstance(headers, Mapping):
        raise TypeError(f"RemoteMonitor: headers must be a mapping of names to values, got a {type(headers).__name__}")
    for name, value in (headers or {}).items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise TypeError(f"RemoteMonitor: headers: name and value of {name!r} must be strings")  # RM-25
        if "\n" in name + value or "\r" in name + value or value != value.lstrip():
            raise ValueError(f"RemoteMonitor: headers: {name!r} holds a line end, or begins with a space")  # RM-27
