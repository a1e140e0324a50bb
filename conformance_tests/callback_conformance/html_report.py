"""A report as one page of HTML that needs nothing else: no script, no picture, no request."""

from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from string import Template

from . import clauses
from .messages import Words
from .report import Line, again, call, subject_of, subject_title, summary_rows, trace_lines, why
from .runner import Failure, Report, Result

__all__ = ["html_report"]

TEMPLATE = Path(__file__).with_name("page.html")
BROKEN = ("fail", "error")


def html_report(report: Report, words: Words) -> bytes:
    """Return the report as a page in one language; everything that a subject wrote is escaped."""
    title = words("page-title", subject=subject_title(report, words))
    page = Template(TEMPLATE.read_text(encoding="utf-8"))
    text = page.substitute(
        lang=words.language,
        suite=escape(report.suite),
        title=escape(title),
        body="\n".join(_body(report, title, words)),
    )
    return text.encode("utf-8", errors="backslashreplace")


def _body(report: Report, title: str, words: Words) -> Iterator[str]:
    broken = {name: result for name, result in report.clauses.items() if result.status in BROKEN}
    others = {name: result for name, result in report.clauses.items() if name not in broken and result.reason}
    if broken:
        yield f'<a class="skip" href="#broken">{_(words("page-skip"))}</a>'
    yield f"<header><h1>{_(title)}</h1>"
    yield f'<p class="verdict">{_(_verdict(report, len(broken), words))}</p>'
    if not report.finished:
        yield f'<p class="verdict bad">{_(words("page-unfinished"))}</p>'
    facts = {name: getattr(report, name) for name in ("suite", "python", "platform", "seed", "examples")}
    yield f'<p class="facts">{_(words("page-facts", **facts))}</p></header>'
    yield f"<main>{_summary(report, words)}"
    if broken:
        yield f'<h2 id="broken">{_(words("page-failures"))}</h2>'
        yield from (_broken(name, result, report, words) for name, result in broken.items())
    if others:
        yield f"<h2>{_(words('page-others'))}</h2>{_others(others, words)}"
    yield "</main>"


def _verdict(report: Report, broken: int, words: Words) -> str:
    if broken:
        return words("page-bad-one" if broken == 1 else "page-bad", clauses=words.count("clauses", broken))
    return words("page-nothing" if report.exit_code == 2 else "page-good")


def _summary(report: Report, words: Words) -> str:
    head, *rows = summary_rows(report, words)
    body = "".join(
        f'<tr><th scope="row">{_(row[0])}</th><td>{_(row[1])}</td>'
        + "".join(f'<td class="number">{_("0" if cell == "·" else cell)}</td>' for cell in row[2:])
        + "</tr>"
        for row in rows
    )
    return _table(words("page-summary"), head, body)


def _table(caption: str, head: Iterable[str], body: str) -> str:
    heads = "".join(f'<th scope="col">{_(cell)}</th>' for cell in head)
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{_(caption)}"><table>'
        f"<caption>{_(caption)}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _broken(name: str, result: Result, report: Report, words: Words) -> str:
    clause = clauses.load()[name]
    status = words(f"status-{result.status}")
    head = f'<h3 id="{name}">{name} {_(result.callback)} <span class="bad">{_(status)}</span></h3>'
    body = _failure(result.failure, subject_of(report, result.callback), words) if result.failure else ""
    reason = f"<p>{_told(result.reason, words)}</p>" if result.reason else ""
    sentence = f"<p>{_(clause.text(words.language))}</p>"
    return f"<details open><summary>{head}</summary>{sentence}{reason}{body}</details>"


def _failure(failure: Failure, subject: dict[str, str], words: Words) -> str:
    facts = {
        "page-built": f"<code>{_(call(subject, failure.scenario, words))}</code>",
        "page-why": _(why(failure, words)),
    }
    terms = "".join(f"<dt>{_(words(key))}</dt><dd>{value}</dd>" for key, value in facts.items())
    lines = trace_lines(failure, words)
    heads = [*(words(f"row-{column}") for column in ("at", "value", "expected", "subject")), words("page-mark")]
    table = _table(f"{failure.clause}: {words('page-trace')}", heads, "".join(_line(line, words) for line in lines))
    command = f"<p>{_(words('page-again'))}</p><pre><code>{_(again(failure, subject))}</code></pre>"
    return f"<dl>{terms}</dl>{table if lines else ''}{command}"


def _line(line: Line, words: Words) -> str:
    mark = words("first-difference") if line.first else words("page-differs") if line.differs else ""
    cells = "".join(f'<td class="cell">{_(cell)}</td>' for cell in (line.value, line.expected, line.subject))
    row = ' class="first"' if line.first else ""
    return f'<tr{row}><th scope="row">{_(line.at)}</th>{cells}<td class="mark">{_(mark)}</td></tr>'


def _others(others: dict[str, Result], words: Words) -> str:
    head = (words("head-clause"), words("head-callback"), words("head-status"), words("page-reason"))
    body = "".join(
        f'<tr><th scope="row">{name}</th><td>{_(result.callback)}</td><td>{_(words(f"status-{result.status}"))}</td>'
        f'<td class="cell">{_told(result.reason, words)}</td></tr>'
        for name, result in others.items()
    )
    return _table(words("page-others"), head, body)


def _told(sentence: str | None, words: Words) -> str:
    return _(words.told(sentence or ""))


def _(text: str) -> str:
    return escape(text)
