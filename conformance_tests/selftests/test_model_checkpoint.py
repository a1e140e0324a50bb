"""ModelCheckpoint in real fits and real processes: the names, the weights, and what a killed process leaves."""

import json
import os
import re
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

import pytest
from callback_reference import ModelCheckpoint
from callback_reference.atomic import remove_leftovers, write_file
from callback_reference.naming import fields_of, fill


def run_python(code: str, folder: Path, **environment: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**os.environ, **environment},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def fit(saver: Any, optimizer: str = "adam") -> Any:
    import keras
    import numpy as np

    keras.utils.set_random_seed(1)
    inputs = np.random.default_rng(0).normal(size=(12, 3)).astype("float32")
    targets = (inputs.sum(axis=1, keepdims=True) > 0).astype("float32")
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2), keras.layers.Dense(1)])
    model.compile(optimizer, "mse")
    model.fit(inputs, targets, validation_split=0.5, batch_size=2, epochs=4, verbose=0, callbacks=[saver])
    return model


@pytest.mark.parametrize(
    "arguments",
    [
        {"filepath": "{epoch:02d}-{val_loss:.4f}.keras", "save_best_only": True},
        {"filepath": "{epoch}-{batch}.weights.h5", "save_weights_only": True, "save_freq": 5},
    ],
    ids=["best models", "weights every five batches"],
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_real_fit_leaves_the_files_that_keras_leaves_with_the_same_weights(
    arguments: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import keras

    found = []
    for make in (ModelCheckpoint, keras.callbacks.ModelCheckpoint):
        (tmp_path / make.__module__).mkdir()
        monkeypatch.chdir(tmp_path / make.__module__)
        model = fit(make(**arguments))
        names = sorted(str(path) for path in Path().rglob("*") if path.is_file())
        weights = {}
        for name in names:
            if arguments.get("save_weights_only"):
                model.load_weights(name)
            else:
                model = keras.models.load_model(name, compile=False)
            weights[name] = [weight.tolist() for weight in model.get_weights()]
        found.append(weights)

    ours, theirs = found
    assert ours == theirs
    assert ours


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_optimizer_comes_back_with_the_weights_if_it_is_built_first(tmp_path: Path) -> None:
    import keras

    path = str(tmp_path / "m.weights.h5")
    trained = fit(ModelCheckpoint(path, save_weights_only=True), "rmsprop")
    resumed = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2), keras.layers.Dense(1)])
    resumed.compile("rmsprop", "mse")
    resumed.optimizer.build(resumed.trainable_variables)
    resumed.load_weights(path)

    assert int(resumed.optimizer.iterations) == int(trained.optimizer.iterations) == 12
    pairs = zip(resumed.optimizer.variables, trained.optimizer.variables, strict=True)
    assert all((left.numpy() == right.numpy()).all() for left, right in pairs)


KILLED_AT_EVERY_POINT = """
    import json, os, signal, sys
    from callback_reference import ModelCheckpoint

    WATCHED = ("open", "os.listdir", "os.mkdir", "os.chmod", "os.rename", "os.remove", "os.rmdir")

    class Model:
        def __init__(self, point):
            self.left = point

        def count(self, *event):
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        def save(self, path, overwrite=True):
            with open(path, "w") as file:
                for part in "new":
                    self.count()
                    file.write(part)
                    file.flush()
            self.count()

    def save(point):
        model = Model(point)
        saver = ModelCheckpoint("m.keras")
        saver.set_model(model)
        saver.on_epoch_end(0)  # what is imported only then is imported before the hook is there
        open("m.keras", "w").write("old")
        sys.addaudithook(lambda event, _: event in WATCHED and model.count())
        saver.on_epoch_end(1)

    found = []
    for point in range(5, 99):
        process = os.fork()
        if not process:
            save(point)
            os._exit(0)
        _, status = os.waitpid(process, 0)
        files = sorted(os.listdir())
        found.append([open("m.keras").read(), len(files), files[-1]])
        if status == 0:
            break
    print(json.dumps(found))
"""


def test_a_process_killed_at_any_point_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    found = run_python(KILLED_AT_EVERY_POINT, tmp_path)
    contents = [content for content, _, _ in found]
    moved = contents.index("new")
    assert moved > 5, "it was killed before it listed, opened, wrote three parts and moved"
    assert contents == ["old"] * moved + ["new"] * (len(found) - moved)
    assert {count for _, count, _ in found} == {1, 2}, "a save leaves one file at most, and the next removes it"
    assert found[-1] == ["new", 1, "m.keras"]


def test_the_pages_give_the_counts_of_the_experiment_with_50_kills() -> None:
    docs = Path(__file__).parents[2] / "docs"
    written = json.loads((docs / "data" / "kill_while_saving.json").read_text())
    ours, theirs = (next(found for name, found in written["found"].items() if name.startswith(which))
                    for which in ("reference", "keras"))  # fmt: skip
    assert (ours["kills"], ours["unreadable"], theirs["kills"]) == (50, 0, 50)
    for language in ("en", "it", "zh", "ko"):
        page = (docs / language / "callbacks" / "model-checkpoint.md").read_text()
        (line,) = (line for line in page.splitlines() if re.search(r"(?<![\d.])50", line) and "seed" not in line)
        assert [int(number) for number in re.findall(r"\d+", line)] == [50, theirs["unreadable"], ours["unreadable"]]


def test_on_jax_a_batch_saves_the_weights_of_that_batch(tmp_path: Path) -> None:
    saved = run_python(
        """
        import json, os, h5py, keras, numpy as np
        from callback_reference import ModelCheckpoint

        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")])
        model.compile(keras.optimizers.SGD(0.25), "mse")
        ones = np.ones((3, 1), "float32")
        saver = ModelCheckpoint("{batch}.weights.h5", save_weights_only=True, save_freq=1)
        model.fit(ones, ones, batch_size=1, verbose=0, callbacks=[saver])
        print(json.dumps([float(h5py.File(f"{n}.weights.h5")["layers/dense/vars/0"][0, 0]) for n in (1, 2, 3)]))
        """,
        tmp_path,
        KERAS_BACKEND="jax",
    )
    assert saved == [0.5, 0.75, 0.875]


def test_what_another_machine_left_unfinished_is_removed_after_an_hour_without_a_write(tmp_path: Path) -> None:
    young, old = (tmp_path / f".unfinished-00000000-1-0000000{number}" for number in (1, 2))
    for folder, age in ((young, 3000), (old, 4000)):
        folder.mkdir()
        (folder / "m.keras").write_text("half")
        for path in (folder / "m.keras", folder):
            os.utime(path, (time.time() - age,) * 2)
    os.utime(young, (time.time() - 4000,) * 2)
    remove_leftovers(str(tmp_path))
    assert (young.exists(), old.exists()) == (True, False)


def test_a_path_with_a_scheme_is_handed_on_as_it_is() -> None:
    paths: list[str] = []
    write_file("gs://bucket/m.keras", paths.append)
    assert paths == ["gs://bucket/m.keras"]


def test_a_file_that_may_not_be_written_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "m.keras"
    path.write_text("mine")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(PermissionError, match=r"m\.keras is write-protected"):
        write_file(str(path), lambda beside: Path(beside).write_text("new"))
    assert path.read_text() == "mine"


def test_a_model_that_saves_nothing_leaves_nothing(tmp_path: Path) -> None:
    write_file(str(tmp_path / "m.keras"), lambda path: None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "template", ["{", "}", "{}", "{0}", "{a.b}", "{a[0]}", "{a:{b}}", "{a:{}}", "{a}}", "{!r}", "{:d}"]
)
def test_a_template_with_more_than_keys_is_quoted_in_the_error(template: str) -> None:
    with pytest.raises(ValueError, match="filepath ") as error:
        fields_of(template)
    assert repr(template) in str(error.value)


@pytest.mark.parametrize(
    ("template", "expected"),
    [("{a}", "1"), ("{{a}}", "{a}"), ("{{{a}}}", "{1}"), ("{a!r:>3}{b:.1f}", "  10.5"), ("}}{{", "}{"), ("m", "m")],
)
def test_a_template_is_filled_as_str_format_fills_it(template: str, expected: str) -> None:
    assert fill(template, {"a": 1, "b": 0.5}) == template.format(a=1, b=0.5) == expected
