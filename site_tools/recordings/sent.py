"""What leaves the process: lines on the terminal, requests to a server."""

from __future__ import annotations

import contextlib
import io
import re
import threading
import warnings
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from unittest import mock

from site_tools.recordings.tiny import data, model, script

__all__ = ["RECORDINGS"]

ESCAPES = re.compile("\x1b\\[[0-9;]*m")


def progbar_logger() -> list[dict[str, Any]]:
    """One epoch of three batches by hand for `verbose` 1 and 2, with a clock that a batch moves by 0.2 seconds."""
    return [{"verbose": verbose, "lines": _drawn(verbose)} for verbose in (1, 2)]


def _drawn(verbose: int) -> list[str]:
    """Return the lines in the order in which they are drawn, those that are drawn over among them."""
    import keras

    out = io.StringIO()
    with mock.patch("time.time", return_value=1000.0) as clock, contextlib.redirect_stdout(out):
        bar = keras.callbacks.CallbackList([keras.callbacks.ProgbarLogger()], verbose=verbose, epochs=2, steps=3)
        bar.on_epoch_begin(0)
        for batch, loss in enumerate((0.9, 0.8, 0.7)):
            clock.return_value += 0.2
            bar.on_train_batch_end(batch, {"loss": loss})
        bar.on_epoch_end(0, {"loss": 0.7, "val_loss": 0.6})
    text = ESCAPES.sub("", out.getvalue())
    return [line.strip() for line in re.split("[\r\n\b]+", text) if line.strip()]


def remote_monitor() -> list[dict[str, Any]]:
    """Three epochs; the server notes two requests, and is gone for the third."""
    import keras

    events: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            events.append({"request": f"{self.command} {self.path}", "body": body, "answer": 200})
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            """Keep silent."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def close(epoch: int, logs: object) -> None:
        if epoch == 2:
            server.shutdown()
            server.server_close()

    monitor = keras.callbacks.RemoteMonitor(f"http://127.0.0.1:{server.server_port}", send_as_json=True)
    members = [script(loss=(0.5, 0.4, 0.3)), keras.callbacks.LambdaCallback(on_epoch_begin=close), monitor]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        history = model(metrics=()).fit(*data(4), epochs=3, callbacks=members, verbose=0)
    warned = sum("RemoteMonitor" in str(warning.message) for warning in caught)
    return [*events, {"warnings": warned, "epochs": history.epoch}]


RECORDINGS = {"progbar_logger": progbar_logger, "remote_monitor": remote_monitor}
