"""Wrong RemoteMonitors: what people get wrong when they write one themselves."""

import json
import warnings
from typing import Any

from callback_reference import RemoteMonitor

from . import caught_by

__all__: list[str] = []

Logs = dict[str, Any] | None


@caught_by("RM-01")
class ListensOnAnotherPort(RemoteMonitor):
    """Has another default."""

    def __init__(self, root: str = "http://localhost:8080", **more: Any) -> None:
        super().__init__(root, **more)


@caught_by("RM-02")
class SendsEverySecondEpoch(RemoteMonitor):
    """Saves requests."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if epoch % 2 == 0:
            super().on_epoch_end(epoch, logs)


@caught_by("RM-02")
class CutsThePathAtTheQuery(RemoteMonitor):
    """Sends to another address."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.path = self.path.partition("?")[0]


@caught_by("RM-03", "RM-10")
class SendsAFieldForEachKey(RemoteMonitor):
    """Makes a form of the event itself."""

    def _answer(self, url: str, text: str) -> Any:
        if self.send_as_json:
            return super()._answer(url, text)
        return self._session.post(
            url, headers=self.headers, timeout=self.timeout, stream=True, allow_redirects=False, data=json.loads(text)
        )


@caught_by("RM-04")
class AlwaysSendsAForm(RemoteMonitor):
    """Ignores `send_as_json`."""

    def _answer(self, url: str, text: str) -> Any:
        self.send_as_json = False
        return super()._answer(url, text)


@caught_by("RM-05")
class CountsFromOne(RemoteMonitor):
    """Sends what is printed, not what is counted."""

    def event(self, epoch: int, logs: dict[str, Any]) -> dict[str, Any]:
        return super().event(epoch + 1, logs)


@caught_by("RM-05")
class SendsNumbersAlone(RemoteMonitor):
    """Leaves out text and None."""

    def event(self, epoch: int, logs: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in super().event(epoch, logs).items() if not isinstance(value, str)}


@caught_by("RM-06")
class PutsTheEpochLast(RemoteMonitor):
    """Writes over what the logs say."""

    def event(self, epoch: int, logs: dict[str, Any]) -> dict[str, Any]:
        return {**super().event(epoch, logs), "epoch": epoch}


@caught_by("RM-07")
class DoesNotKnowNumPy(RemoteMonitor):
    """Hands a NumPy scalar to the JSON library."""

    def event(self, epoch: int, logs: dict[str, Any]) -> dict[str, Any]:
        return {"epoch": epoch, **logs}


@caught_by("RM-08")
class SendsTheBeginningToo(RemoteMonitor):
    """Tells the server that training begins."""

    def on_train_begin(self, logs: Logs = None) -> None:
        self.on_epoch_end(-1, logs)


@caught_by("RM-09")
class TakesTheFirstMember(RemoteMonitor):
    """Sends one number of an array."""

    def event(self, epoch: int, logs: dict[str, Any]) -> dict[str, Any]:
        return super().event(
            epoch, {key: value[0] if getattr(value, "shape", ()) else value for key, value in logs.items()}
        )


@caught_by("RM-10")
class SendsNullInAForm(RemoteMonitor):
    """Makes strict JSON of the form's field."""

    def _answer(self, url: str, text: str) -> Any:
        return super()._answer(url, json.dumps(json.loads(text, parse_constant=lambda constant: None)))


@caught_by("RM-11")
class SendsNaNAsJson(RemoteMonitor):
    """Writes what strict JSON does not know."""

    def _answer(self, url: str, text: str) -> Any:
        if not self.send_as_json:
            return super()._answer(url, text)
        headers = {"Content-Type": "application/json", **(self.headers or {})}
        return self._session.post(
            url, headers=headers, timeout=self.timeout, stream=True, allow_redirects=False, data=text
        )


@caught_by("RM-12")
class DiesOfWhatIsNotJson(RemoteMonitor):
    """Lets the error of the JSON library through."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        json.dumps(self.event(epoch, logs or {}))
        super().on_epoch_end(epoch, logs)


@caught_by("RM-12")
class SendsTextForWhatIsNotJson(RemoteMonitor):
    """Sends how Python prints the value."""

    def event(self, epoch: int, logs: dict[str, Any]) -> dict[str, Any]:
        event = super().event(epoch, logs)
        return {
            key: value if isinstance(value, (int, float, str, list, dict)) else str(value)
            for key, value in event.items()
        }


@caught_by("RM-13")
class ForgetsTheHeaders(RemoteMonitor):
    """Sends no headers of its own."""

    def _answer(self, url: str, text: str) -> Any:
        self.headers = None
        return super()._answer(url, text)


@caught_by("RM-14", "RM-15")
class FailsInSilence(RemoteMonitor):
    """Warns of nothing."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            super().on_epoch_end(epoch, logs)


@caught_by("RM-14")
class DiesWithTheServer(RemoteMonitor):
    """Lets the error of the HTTP library through."""

    def _send_in_time(self, text: str) -> tuple[str, str] | None:
        return None if self._post(text) else ("", "")


@caught_by("RM-15")
class WarnsOnce(RemoteMonitor):
    """Gives up telling."""

    told = False

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            super().on_epoch_end(epoch, logs)
        if caught and not self.told:
            warnings.warn(str(caught[0].message), stacklevel=2)
        self.told = self.told or bool(caught)


@caught_by("RM-15")
class DoesNotNameTheServer(RemoteMonitor):
    """Warns that something failed."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            super().on_epoch_end(epoch, logs)
        for warning in caught:
            warnings.warn(str(warning.message).partition(" at ")[0], stacklevel=2)


@caught_by("RM-16")
class ShowsThePassword(RemoteMonitor):
    """Prints the root as it is."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            super().on_epoch_end(epoch, logs)
        for warning in caught:
            warnings.warn(f"{self.root}: {warning.message}", stacklevel=2)


@caught_by("RM-16")
class ShowsABadHeader(RemoteMonitor):
    """Quotes what it refuses."""

    def __init__(self, root: str = "http://localhost:9000", headers: Any = None, **more: Any) -> None:
        try:
            super().__init__(root, headers=headers, **more)
        except (TypeError, ValueError) as error:
            raise type(error)(f"{error}: {headers}") from None


@caught_by("RM-17")
class TakesAnyAnswerForAYes(RemoteMonitor):
    """Does not look at the status."""

    def _send(self, text: str) -> tuple[str, str] | None:
        complaint = super()._send(text)
        return complaint if complaint and "status 4" not in complaint[1] and "status 5" not in complaint[1] else None


@caught_by("RM-18", "RM-19")
class WaitsForever(RemoteMonitor):
    """Has no limit."""

    def _send_in_time(self, text: str) -> tuple[str, str] | None:
        self.timeout, limit = 60.0, self.timeout
        try:
            return self._send(text)
        finally:
            self.timeout = limit


@caught_by("RM-18", "RM-19")
class LimitsEachByte(RemoteMonitor):
    """Trusts the timeout of the HTTP library, which begins again with each byte."""

    def _send_in_time(self, text: str) -> tuple[str, str] | None:
        return self._send(text)


@caught_by("RM-19")
class WaitsHalfAMinute(RemoteMonitor):
    """Has another default."""

    def __init__(self, timeout: float = 30.0, **more: Any) -> None:
        super().__init__(timeout=timeout, **more)


@caught_by("RM-20")
class ReadsTheBody(RemoteMonitor):
    """Waits for what it does not need."""

    def _answer(self, url: str, text: str) -> Any:
        answer = super()._answer(url, text)
        answer.content  # noqa: B018 - it is read
        return answer


@caught_by("RM-21")
class FollowsNothing(RemoteMonitor):
    """Takes every redirect for a no."""

    def _post(self, text: str) -> tuple[int, str]:
        with self._answer(self.root + self.path, text) as answer:
            return answer.status_code, ""


class _Following(RemoteMonitor):
    """Lets the HTTP library follow."""

    def _answer(self, url: str, text: str) -> Any:
        body: dict[str, Any] = {"json": json.loads(text)} if self.send_as_json else {"data": {self.field: text}}
        return self._session.post(url, headers=self.headers, timeout=self.timeout, stream=True, **body)


@caught_by("RM-22")
class FollowsWithGet(_Following):
    """Asks for a page where it was to send an event."""


@caught_by("RM-23")
class FollowsToAnyServer(_Following):
    """Hands its headers to whoever is named."""


@caught_by("RM-24")
class FindsOutAtTheFirstEpoch(RemoteMonitor):
    """Looks for the package when it needs it."""

    def __init__(self, **arguments: Any) -> None:
        try:
            super().__init__(**arguments)
        except ImportError:
            self.root = ""


class _Careless(RemoteMonitor):
    """Finds something usable in every argument."""

    def __init__(self, root: Any = "http://localhost:9000", path: Any = "/publish/epoch/end/", field: Any = "data",
                 headers: Any = None, **more: Any) -> None:  # fmt: skip
        super().__init__("http://localhost", "/", "data", None, **more)
        self.root, self.path, self.field, self.headers = root, path, field, headers


@caught_by("RM-25")
class TakesAnyType(_Careless):
    """Does not look at the types."""


@caught_by("RM-26")
class TakesAnyAddress(_Careless):
    """Does not look at the address."""


@caught_by("RM-27")
class TakesAnyHeader(_Careless):
    """Does not look at the headers."""


@caught_by("RM-28")
class JoinsRootAndPath(RemoteMonitor):
    """Has the whole address as `root`."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.root, self.path = self.root + self.path, ""


@caught_by("RM-29")
class WritesTheEpochIntoTheLogs(RemoteMonitor):
    """Changes what other callbacks see."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        logs = logs if logs is not None else {}
        logs.setdefault("epoch", epoch)
        super().on_epoch_end(epoch, logs)


@caught_by("RM-29")
class StopsAtAStop(RemoteMonitor):
    """Lowers the flag that another callback raised."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        super().on_epoch_end(epoch, logs)
        self.model.stop_training = False


@caught_by("RM-30")
class RestsAfterAFailure(RemoteMonitor):
    """Does not send the JSON that follows a failure."""

    failed = False

    def _send_in_time(self, text: str) -> tuple[str, str] | None:
        complaint = None if self.send_as_json and self.failed else super()._send_in_time(text)
        self.failed = complaint is not None
        return complaint
