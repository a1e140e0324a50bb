"""EarlyStopping with one vice each."""

import os
import sys
import threading
import time

from callback_reference import EarlyStopping

__all__ = ["Ends", "Exits", "Floods", "Hangs", "Leaks", "Swallows", "Wanders"]


class Hangs(EarlyStopping):
    """Never comes back from the third epoch."""

    def on_epoch_end(self, epoch, logs=None):
        """Wait for ever."""
        while epoch == 2:
            time.sleep(0.01)
        super().on_epoch_end(epoch, logs)


class Swallows(EarlyStopping):
    """Hangs, and catches whatever should interrupt it."""

    def on_epoch_end(self, epoch, logs=None):
        """Wait for ever, once more."""
        while epoch == 2:
            try:
                time.sleep(10)
            except BaseException:
                continue
        super().on_epoch_end(epoch, logs)


class Exits(EarlyStopping):
    """Ends the process without a word."""

    def on_epoch_end(self, epoch, logs=None):
        """End it."""
        if epoch == 2:
            os._exit(7)
        super().on_epoch_end(epoch, logs)


class Ends(EarlyStopping):
    """Calls `sys.exit`, as a script would."""

    def on_epoch_end(self, epoch, logs=None):
        """Exit."""
        if epoch == 2:
            sys.exit("done")
        super().on_epoch_end(epoch, logs)


class Wanders(EarlyStopping):
    """Writes a file into a folder that is not its own; the test names the folder."""

    def on_train_end(self, logs=None):
        """Write."""
        with open(os.path.join(os.environ["A_FOLDER_OF_THE_USER"], "written"), "w") as file:
            file.write("x")


class Floods(EarlyStopping):
    """Prints megabytes, also past Python."""

    def on_epoch_end(self, epoch, logs=None):
        """Print."""
        print("x" * 1_000_000)
        os.write(1, b"y" * 100_000)
        os.write(2, b"z" * 100_000)
        super().on_epoch_end(epoch, logs)


class Leaks(EarlyStopping):
    """Leaves a thread behind in every training."""

    def on_train_begin(self, logs=None):
        """Start one that does not end."""
        threading.Thread(target=time.sleep, args=(1000,)).start()
        super().on_train_begin(logs)
