"""Pictures as SVG, drawn from recorded runs.

Inside a page the colours come from CSS variables, so one picture serves the light and the dark scheme.
`python -m site_tools.pictures early-stopping --lang en --scheme light > x.svg` writes a picture that stands alone.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from typing import Any

from site_tools.places import DATA, DOCS, LANGUAGES
from site_tools.words import say

__all__ = ["PICTURES", "figure", "main", "standalone", "trace"]

WIDTH = 360
STYLE = DOCS / "assets" / "css" / "pictures.css"


def trace(name: str) -> Any:
    """Return a recorded run."""
    return json.loads((DATA / "traces" / f"{name}.json").read_text(encoding="utf-8"))


def _text(x: float, y: float, words: str, style: str, anchor: str = "start") -> str:
    """Return a line of text."""
    return f'<text x="{x:g}" y="{y:g}" class="{style}" text-anchor="{anchor}">{escape(words)}</text>'


def _svg(name: str, language: str, height: float, body: list[str], **values: object) -> str:
    """Wrap the parts of a picture, with a title and a description for those who do not see it."""
    title = say(f"{name}-title", language)
    description = say(f"{name}-desc", language, **values)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="picture" role="img" viewBox="0 0 {WIDTH} {height:g}" '
        f'lang="{language}" aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>'
        + "".join(body)
        + "</svg>"
    )


# The hook tree


@dataclass
class Span:
    """What lies between a `begin` hook and its `end` hook."""

    kind: str
    begin: list[str]
    end: list[str] = field(default_factory=list)
    inside: list[Span] = field(default_factory=list)
    times: int = 1


def spans(events: list[dict[str, Any]]) -> Span:
    """Nest the events; neighbours that look the same become one span with a count."""
    root = Span("", [])
    open_spans = [root]
    for event in events:
        kind, _, edge = event["hook"].removeprefix("on_").rpartition("_")
        if edge == "begin":
            open_spans.append(Span(kind, event["logs"]))
        else:
            done = open_spans.pop()
            done.end = event["logs"]
            _add(open_spans[-1].inside, done)
    return root.inside[0]


def _add(siblings: list[Span], span: Span) -> None:
    """Append a span, or count it if it repeats the one before."""
    if siblings and _shape(siblings[-1]) == _shape(span):
        siblings[-1].times += 1
    else:
        siblings.append(span)


def _shape(span: Span) -> tuple[Any, ...]:
    """Return what makes two spans look the same."""
    return (span.kind, span.begin, span.end, [(_shape(child), child.times) for child in span.inside])


def _keys(logs: list[str]) -> str:
    """Return the keys of `logs` as they are written in a set."""
    return "logs: {" + ", ".join(logs) + "}"


def _hook(span: Span, edge: str, x: float, y: float) -> list[str]:
    """Return the two lines of one hook: its name and its log keys."""
    logs = span.begin if edge == "begin" else span.end
    faint = "keys" if logs else "keys faint"
    return [_text(x, y, f"on_{span.kind}_{edge}", "code strong"), _text(x, y + 15, _keys(logs), f"code {faint}")]


def _box(span: Span, language: str, depth: int, top: float) -> tuple[list[str], float]:
    """Draw a span as a box around the spans inside it; return the parts and the lower edge."""
    left, pad = 2 + depth * 12, 12
    label = say(span.kind, language) + (f" × {span.times}" if span.times > 1 else "")
    parts = _hook(span, "begin", left + pad, top + 18)
    parts.append(_text(WIDTH - left - pad, top + 18, label, f"label {span.kind}", "end"))
    y = top + 42
    for child in span.inside:
        inner, y = _box(child, language, depth + 1, y)
        parts += inner
        y += 7
    parts += _hook(span, "end", left + pad, y + 13)
    bottom = y + 38
    frame = (
        f'<rect x="{left}" y="{top:g}" width="{WIDTH - 2 * left}" height="{bottom - top:g}" rx="6" '
        f'class="box {span.kind}"/>'
    )
    return [frame, *parts], bottom


def hook_tree(language: str) -> str:
    """Draw the hooks of one `fit` with validation."""
    body, bottom = _box(spans(trace("fit")), language, 0, 2)
    return _svg("hook-tree", language, bottom + 2, body)


# The timeline of EarlyStopping


@dataclass(frozen=True)
class Scale:
    """Where an epoch and a value lie in the picture."""

    epochs: int
    low: float
    high: float
    left: float = 62
    right: float = WIDTH - 18
    top: float = 52
    bottom: float = 190

    def x(self, epoch: int) -> float:
        """Return the column of an epoch."""
        return round(self.left + (self.right - self.left) * epoch / max(self.epochs - 1, 1), 1)

    def y(self, value: float) -> float:
        """Return the height of a value."""
        return round(self.bottom - (self.bottom - self.top) * (value - self.low) / (self.high - self.low), 1)


def early_stopping(language: str) -> str:
    """Draw the monitored value, the counter under it, the stop and the way back."""
    run = trace("early_stopping")
    epochs, restored = run["epochs"], run["restored_epoch"]
    values = [epoch["val_loss"] for epoch in epochs]
    scale = Scale(len(epochs), min(values) - 0.1, max(values))
    best, stop = epochs[restored], epochs[-1]
    body = [
        *_arguments(run["arguments"]),
        *_axis(scale, values),
        *_curve(scale, epochs),
        *_marks(scale, best, stop, language),
        *_counters(scale, epochs, language),
    ]
    facts = {"best": best["val_loss"], "best_epoch": restored, "patience": run["arguments"]["patience"]}
    return _svg("early-stopping", language, 268, body, stop_epoch=stop["epoch"], restored_epoch=restored, **facts)


def _arguments(arguments: dict[str, Any]) -> list[str]:
    """Return the call that was recorded."""
    given = ", ".join(f"{name}={value}" for name, value in arguments.items())
    return [_text(WIDTH / 2, 16, given, "code", "middle")]


def _axis(scale: Scale, values: list[float]) -> list[str]:
    """Return the name of the curve and two lines to read its height by."""
    parts = [_text(6, 38, "val_loss", "code curve-name")]
    for value in (max(values), min(values)):
        y = scale.y(value)
        parts.append(f'<line x1="{scale.left - 12:g}" x2="{scale.right + 10:g}" y1="{y}" y2="{y}" class="grid"/>')
        parts.append(_text(scale.left - 18, y + 4, f"{value:.2f}", "number", "end"))
    return parts


def _curve(scale: Scale, epochs: list[dict[str, Any]]) -> list[str]:
    """Return the curve: a full point where the value improved, a hollow one where it did not."""
    points = [(scale.x(epoch["epoch"]), scale.y(epoch["val_loss"])) for epoch in epochs]
    path = " ".join(f"{x:g},{y:g}" for x, y in points)
    parts = [f'<polyline points="{path}" class="curve"/>']
    for (x, y), epoch in zip(points, epochs, strict=True):
        style = "improved" if epoch["best_epoch"] == epoch["epoch"] else "waited"
        parts.append(f'<circle cx="{x:g}" cy="{y:g}" r="5" class="point {style}"/>')
    return parts


def _marks(scale: Scale, best: dict[str, Any], stop: dict[str, Any], language: str) -> list[str]:
    """Return the best point, the stop, and the arrow from one back to the other."""
    best_x, best_y = scale.x(best["epoch"]), scale.y(best["val_loss"])
    stop_x, stop_y = scale.x(stop["epoch"]), scale.y(stop["val_loss"])
    high = min(best_y, stop_y) - 34
    middle = (best_x + stop_x) / 2
    return [
        f'<line x1="{stop_x}" x2="{stop_x}" y1="{scale.top - 8}" y2="{scale.bottom + 12}" class="stop-line"/>',
        _text(stop_x - 6, scale.top, say("stop", language), "label stop", "end"),
        f'<circle cx="{best_x}" cy="{best_y}" r="9" class="best-ring"/>',
        _text(best_x, best_y + 24, f"{say('best', language)} {best['val_loss']}", "label best", "middle"),
        f'<path d="M {stop_x - 4} {stop_y - 9} Q {middle} {high - 14} {best_x + 5} {best_y - 14}" class="restore"/>',
        f'<path d="M {best_x + 3} {best_y - 11} l 10 -2 l -6 -9 z" class="restore-head"/>',
        _text(middle - 6, high - 4, say("restored", language), "label restored", "middle"),
    ]


def _counters(scale: Scale, epochs: list[dict[str, Any]], language: str) -> list[str]:
    """Return the rows under the curve: the epoch, and `wait` as a number on a tile that grows darker."""
    rows = (scale.bottom + 28, scale.bottom + 58)
    parts = [_text(6, rows[0], say("epoch", language), "label"), _text(6, rows[1], "wait", "code")]
    for epoch in epochs:
        x = scale.x(epoch["epoch"])
        parts.append(_text(x, rows[0], str(epoch["epoch"]), "number", "middle"))
        tile = "tile stopped" if epoch["stop"] else f"tile wait-{min(epoch['wait'], 2)}"
        parts.append(f'<rect x="{x - 13:g}" y="{rows[1] - 17}" width="26" height="24" rx="4" class="{tile}"/>')
        style = "number on-stop" if epoch["stop"] else "number"
        parts.append(_text(x, rows[1], str(epoch["wait"]), style, "middle"))
    return parts


# The timeline of ReduceLROnPlateau


def reduce_lr_on_plateau(language: str) -> str:
    """Draw the monitored value, the learning rate as steps under it, and the two counters."""
    run = trace("reduce_lr_on_plateau")
    epochs = run["epochs"]
    values = [epoch["val_loss"] for epoch in epochs]
    scale = Scale(len(epochs), min(values), max(values), bottom=140)
    rates = Scale(len(epochs), 0, max(epoch["lr"] for epoch in epochs), top=186, bottom=246)
    reduced = [epoch for epoch in epochs if epoch["next_lr"] < epoch["lr"]]
    body = [
        *_arguments(run["arguments"]),
        *_axis(scale, values),
        *_curve(scale, epochs),
        *_steps(rates, epochs),
        *(part for epoch in reduced for part in _reduction(scale, rates, epoch, run["arguments"]["factor"])),
        *_tiles(rates.bottom, rates, epochs, language),
    ]
    facts = {"first": reduced[0]["epoch"], "second": reduced[1]["epoch"], "patience": run["arguments"]["patience"]}
    rate = {"before": epochs[0]["lr"], "between": reduced[1]["lr"], "after": epochs[-1]["lr"]}
    return _svg("reduce-lr-on-plateau", language, 368, body, **facts, **rate)


def _steps(scale: Scale, epochs: list[dict[str, Any]]) -> list[str]:
    """Return the learning rate of each epoch as steps, with its value above each."""
    half = (scale.x(1) - scale.x(0)) / 2
    path, parts, last = "", [_text(6, scale.top - 24, "learning_rate", "code curve-name")], None
    for epoch in epochs:
        x, y = scale.x(epoch["epoch"]), scale.y(epoch["lr"])
        path += f"{' L' if path else 'M'} {x - half:g} {y:g} L {x + half:g} {y:g}"
        if epoch["lr"] != last:
            parts.append(_text(x - half + 3, y - 5, f"{epoch['lr']:g}", "number"))
        last = epoch["lr"]
    return [f'<path d="{path}" class="restore"/>', *parts]


def _reduction(scale: Scale, rates: Scale, epoch: dict[str, Any], factor: float) -> list[str]:
    """Return the line at the end of an epoch that lowers the rate, and the factor beside it."""
    x = round((scale.x(epoch["epoch"]) + scale.x(epoch["epoch"] + 1)) / 2, 1)
    return [
        f'<line x1="{x}" x2="{x}" y1="{scale.top - 16}" y2="{rates.bottom}" class="stop-line"/>',
        _text(x + 5, scale.top - 7, f"× {factor:g}", "label stop"),
    ]


def _tiles(bottom: float, scale: Scale, epochs: list[dict[str, Any]], language: str) -> list[str]:
    """Return the rows under the steps: the epoch, `wait`, and `cooldown_counter` under its own name."""
    rows = (bottom + 26, bottom + 54, bottom + 108)
    parts = [_text(6, rows[0], say("epoch", language), "label"), _text(6, rows[1], "wait", "code")]
    parts.append(_text(6, rows[2] - 24, "cooldown_counter", "code"))
    for epoch in epochs:
        x = scale.x(epoch["epoch"])
        parts.append(_text(x, rows[0], str(epoch["epoch"]), "number", "middle"))
        for y, name in ((rows[1], "wait"), (rows[2], "cooldown_counter")):
            style = f"tile wait-{min(epoch[name], 2)}"
            parts.append(f'<rect x="{x - 13:g}" y="{y - 17}" width="26" height="24" rx="4" class="{style}"/>')
            parts.append(_text(x, y, str(epoch[name]), "number", "middle"))
    return parts


PICTURES: dict[str, Callable[[str], str]] = {
    "hook-tree": hook_tree,
    "early-stopping": early_stopping,
    "reduce-lr-on-plateau": reduce_lr_on_plateau,
}


def figure(name: str, language: str) -> str:
    """Return a picture for a page."""
    return f'<figure class="picture-frame">{PICTURES[name](language)}</figure>'


def standalone(name: str, language: str, scheme: str) -> str:
    """Return a picture with its own colours, for a place that has no style sheet."""
    style = STYLE.read_text(encoding="utf-8")
    drawing = PICTURES[name](language)
    root = f'<svg data-md-color-scheme="{"slate" if scheme == "dark" else "default"}" width="{2 * WIDTH}" '
    return drawing.replace("<svg ", root, 1).replace("</title>", f"</title><style>{style}</style>", 1) + "\n"


def main(arguments: list[str] | None = None) -> None:
    """Print one picture."""
    parser = argparse.ArgumentParser(prog="python -m site_tools.pictures", description=__doc__)
    parser.add_argument("picture", choices=PICTURES)
    parser.add_argument("--lang", choices=LANGUAGES, default="en")
    parser.add_argument("--scheme", choices=("light", "dark"), default="light")
    given = parser.parse_args(arguments)
    print(standalone(given.picture, given.lang, given.scheme), end="")


if __name__ == "__main__":
    main()
