"""CSVLogger of the reference beside that of Keras in real training, and in processes that are killed."""

import csv
import os
import signal
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest
from callback_reference import CallbackList, CSVLogger

ENDLESS = """
from callback_reference import CSVLogger
logger = CSVLogger("log.csv", append=True)
logger.on_train_begin()
for epoch in range(10**9):
    logger.on_epoch_end(epoch, {"loss": epoch / 7, "several": [epoch] * 50})
    print(epoch, flush=True)
"""


def fit(logger: Any, path: Path, **more: Any) -> str:
    import keras
    import numpy as np

    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.01), "mse", metrics=["mae"])
    ones = np.ones((2, 1), "float32")
    reducer = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of Keras's own conversion
        for begin, end in ((0, 2), (2, 3)):
            model.fit(ones, ones, epochs=end, initial_epoch=begin, verbose=0, callbacks=[reducer, logger], **more)
    return path.read_bytes().decode()


@pytest.mark.parametrize("validation", [False, True])
@pytest.mark.parametrize("append", [False, True])
def test_it_writes_the_file_that_keras_writes_in_a_real_fit(tmp_path: Path, append: bool, validation: bool) -> None:
    import keras
    import numpy as np

    ones = np.ones((2, 1), "float32")
    more = {"validation_data": (ones, ones), "validation_freq": 2} if validation else {}
    ours, theirs = tmp_path / "ours.csv", tmp_path / "theirs.csv"
    expected = fit(keras.callbacks.CSVLogger(theirs, append=append), theirs, **more)
    assert fit(CSVLogger(ours, append=append), ours, **more) == expected
    assert "learning_rate" in expected


def rows_of(path: Path) -> list[list[str]]:
    with path.open(newline="") as file:
        return list(csv.reader(file))


def test_a_killed_process_loses_the_row_being_written_at_most_and_the_next_goes_on_below(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    before: list[list[str]] = [["epoch", "loss", "several", "val_loss", "val_several"]]
    for _ in range(4):
        process = subprocess.Popen([sys.executable, "-c", ENDLESS], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        with process.stdout:
            for _ in range(150):
                process.stdout.readline()
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            told = 150 + process.stdout.read().count("\n")  # so many times the hook had returned
        there = rows_of(path)
        assert there[: len(before)] == before
        added = there[len(before) :]
        whole = [[str(n), str(n / 7), f'"[{", ".join([str(n)] * 50)}]"', "NA", "NA"] for n in range(told + 2)]
        assert added[:told] == whole[:told]
        if added[told : told + 1] == whole[told : told + 1]:  # killed between the hook's end and telling so
            told += 1
        # Linux may stop even one `write` half-way, where a page of the file ends, when SIGKILL comes
        for torn in added[told:]:
            assert len(added) == told + 1
            assert all(cell.startswith(part) for cell, part in zip(whole[told], torn, strict=False))
        before = there


def test_a_row_torn_anywhere_is_closed_and_the_next_goes_on_below(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    logger = CSVLogger(path)
    logger.on_train_begin()
    for epoch in range(2):
        logger.on_epoch_end(epoch, {"loss": 0.5, "several": [1, 2, 3], "said": 'a "word"'})
    logger.on_train_end()
    whole = path.read_bytes()
    last = whole.rindex(b"\r\n", 0, -2) + 2
    assert whole[last:].startswith(b"1,0.5,")
    for torn in range(last, len(whole)):
        path.write_bytes(whole[:torn])
        again = CSVLogger(path, append=True)
        again.on_train_begin()
        again.on_epoch_end(7, {"loss": 0.25, "several": [4, 5], "said": "no"})
        again.on_train_end()
        rows = rows_of(path)
        assert rows[1][:2] == ["0", "0.5"]
        assert rows[-1][:2] == ["7", "0.25"]
        assert len(rows) == (3 if torn == last else 4), whole[last:torn]


def test_a_file_with_other_columns_is_named_with_both_lists(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("epoch,acc,loss\n")
    callbacks = CallbackList([CSVLogger(path, append=True)])
    callbacks.on_train_begin()
    with pytest.raises(ValueError, match="it has the columns epoch, acc, loss, and this run would write epoch, loss"):
        callbacks.on_epoch_end(0, {"loss": 0.5})


def test_bytes_and_paths_name_the_same_file(tmp_path: Path) -> None:
    for filename in (os.fsencode(tmp_path / "log.csv"), tmp_path / "log.csv"):
        logger = CSVLogger(filename)
        logger.on_train_begin()
        logger.on_epoch_end(0, {"loss": 0.5, "val_loss": 1.0})
        logger.on_train_end()
        assert (tmp_path / "log.csv").read_bytes() == b"epoch,loss,val_loss\r\n0,0.5,1.0\r\n"


def test_a_file_that_is_no_text_is_refused_before_training(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match="codec can't decode"):
        CSVLogger(path, append=True).on_train_begin()
    assert path.read_bytes() == b"\xff\xfe\x00"


def test_the_state_goes_through_json(tmp_path: Path) -> None:
    import json

    path = tmp_path / "log.csv"
    old = CSVLogger(path)
    old.on_train_begin()
    old.on_epoch_end(0, {"loss": 0.5, "val_loss": 1.0})
    state = json.loads(json.dumps(old.state_dict()))
    old.on_train_end()

    new = CSVLogger(path)
    new.load_state_dict(state)
    new.on_train_begin()
    new.on_epoch_end(1, {"loss": 0.25})
    new.on_train_end()
    assert path.read_text().splitlines() == ["epoch,loss,val_loss", "0,0.5,1.0", "1,0.25,NA"]
