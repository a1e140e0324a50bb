"""RemoteMonitor of the reference beside that of Keras in real training, and what no scenario can hold."""

import copy
import pickle
import subprocess
import sys
import threading
import warnings
from typing import Any

import pytest
from callback_conformance.hosts.http import Recorder, serving
from callback_reference import CallbackList, RemoteMonitor


def fit(monitor: Any) -> None:
    import keras
    import numpy as np

    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse", metrics=["mae"])
    ones = np.ones((2, 1), "float32")
    model.fit(ones, ones, validation_data=(ones, ones), epochs=2, verbose=0, callbacks=[monitor])


@pytest.mark.parametrize("send_as_json", [False, True])
def test_it_sends_what_keras_sends_in_a_real_fit(send_as_json: bool) -> None:
    import keras

    sent = []
    for make in (keras.callbacks.RemoteMonitor, RemoteMonitor):
        with serving(True, ["200", "307 /else"]) as server:
            assert server is not None
            fit(make(**server.addressed({"send_as_json": send_as_json, "headers": {"X-Run": "7"}})))
            sent.append(server.take()[0])
    assert sent[0] == sent[1]
    assert [request["to"] for request in sent[0]] == ["/publish/epoch/end/", "/publish/epoch/end/", "/else"]


def test_without_requests_it_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['requests'] = None\n"
        "from callback_reference import RemoteMonitor\n"
        "try:\n    RemoteMonitor()\nexcept ImportError as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "RemoteMonitor needs the package requests: pip install 'callback-conformance[remote]'\n"


def test_a_hundred_redirects_end_with_a_warning() -> None:
    with serving(True, ["307 /round"] * 100) as server:
        assert server is not None
        callbacks = CallbackList([RemoteMonitor(**server.addressed({}))])
        with pytest.warns(UserWarning, match="status 307, a redirect to .*/round that was not followed"):
            callbacks.on_epoch_end(0, {"loss": 0.5})
        assert len(server.take()[0]) == 5


def test_a_traceback_of_a_refused_header_does_not_hold_its_value() -> None:
    import traceback

    headers = {"X-Key": "".join(["hunter", "2", "\n"])}
    with pytest.raises(ValueError, match="X-Key") as caught:
        RemoteMonitor(headers=headers)
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))


def test_a_name_that_nobody_answers_for_costs_the_timeout_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *rest, **more: over.wait(5) and [])
    monitor = RemoteMonitor("http://slow-name.example", timeout=0.05)
    with pytest.warns(UserWarning, match=r"http://slow-name\.example: no answer within 0\.05 seconds"):
        monitor.on_epoch_end(0, {"loss": 0.5})
    assert not over.is_set()
    over.set()


def test_an_instance_can_be_copied_and_pickled() -> None:
    for copied in (copy.deepcopy(RemoteMonitor(path="/a")), pickle.loads(pickle.dumps(RemoteMonitor(path="/a")))):
        assert copied.path == "/a"
        with serving(True, []) as server:
            assert server is not None
            copied.root = server.fill("http://{server}")
            copied.on_epoch_end(0, {"loss": 0.5})
            assert [request["to"] for request in server.take()[0]] == ["/a"]


def test_a_recorder_frees_its_ports_when_it_is_closed() -> None:
    recorder = Recorder()
    root = recorder.fill("http://{server}")
    monitor = RemoteMonitor(root)
    monitor.on_epoch_end(0, {"loss": 0.5})
    assert [request["event"] for request in recorder.take()[0]] == [{"epoch": 0.0, "loss": 0.5}]
    recorder.close()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        monitor.on_epoch_end(1, {"loss": 0.5})
    assert ["Could not reach" in str(warning.message) for warning in caught] == [True]
