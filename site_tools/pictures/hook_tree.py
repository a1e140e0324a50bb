"""The hook tree of one `fit` with validation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from site_tools.pictures.drawing import WIDTH, svg, text, trace
from site_tools.words import say

__all__ = ["PICTURES"]


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
    return [text(x, y, f"on_{span.kind}_{edge}", "code strong"), text(x, y + 15, _keys(logs), f"code {faint}")]


def _box(span: Span, language: str, depth: int, top: float) -> tuple[list[str], float]:
    """Draw a span as a box around the spans inside it; return the parts and the lower edge."""
    left, pad = 2 + depth * 12, 12
    label = say(span.kind, language) + (f" × {span.times}" if span.times > 1 else "")
    parts = _hook(span, "begin", left + pad, top + 18)
    parts.append(text(WIDTH - left - pad, top + 18, label, f"label {span.kind}", "end"))
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
    return svg("hook-tree", language, bottom + 2, body)


PICTURES = {"hook-tree": hook_tree}
