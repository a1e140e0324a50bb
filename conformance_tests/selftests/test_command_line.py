"""The command line: its four languages, its reports, and what it refuses before anything is judged."""

import ast
import importlib
import inspect
import io
import json
import os
import re
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import callback_conformance.__main__ as command_line
import pytest
from callback_conformance import clauses, messages, options, runner, supervise, vectors
from callback_conformance.__main__ import main
from callback_conformance.catalogue import explain
from callback_conformance.checks import CHECKS
from callback_conformance.clauses import LANGUAGES
from callback_conformance.kinds import KINDS
from callback_conformance.messages import Words
from callback_conformance.subjects import find
from callback_conformance.worker import Task

SUITE = Path(messages.__file__).parent
TRANSLATIONS = LANGUAGES[1:]
STOP = ["handwritten:OffByOne", "--as", "EarlyStopping"]


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, "C")


def judge_here(
    task: Task, *, on_begin: Callable[..., None], on_clause: Callable[..., None], **other: Any
) -> list[runner.Report]:
    """Do what `judge_apart` does, without the second process that most tests of words do not need."""
    reports = []
    for kind in task.kinds:
        subject = find(task.subject if ":" in task.subject else f"{task.subject}:{kind}", kind)
        subject.try_out()
        reports.append(runner.judge(subject, seed=task.seed, examples=task.examples, only=set(task.only or ()) or None))
    return reports


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_line, "judge_apart", judge_here)


# --- words ----------------------------------------------------------------------------------------------------------


def tables() -> Iterator[tuple[str, dict[str, str]]]:
    yield from messages._table(SUITE / "words").items()
    yield from messages.templates().items()


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_key_has_four_languages_with_the_same_placeholders() -> None:
    known = dict(tables())
    assert len(known) > 150
    for key, words in known.items():
        assert tuple(words) == LANGUAGES, key
        assert all(words.values()), key
        for language in TRANSLATIONS:
            assert fields(words[language]) == fields(words["en"]), (key, language)


def used() -> tuple[set[str], set[str]]:
    """Return the keys that the suite asks for by name, and what those begin with that it puts together."""
    whole, begun = set(), set()
    for path in SUITE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                begun.add(str(node.values[0].value))
    return whole, {start for start in begun if re.fullmatch(r"[a-z]+(-[a-z]+)*-", start)}


def test_no_key_is_unused() -> None:
    whole, begun = used()
    known = messages._table(SUITE / "words")
    unused = [key for key in known if key not in whole and not any(key.startswith(start) for start in begun)]
    assert [key for key in unused if not (key.endswith("-one") and key.removesuffix("-one") in known)] == []


def test_no_key_is_missing() -> None:
    asked = set()
    for path in SUITE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in (
                "words",
                "self.words",
                "words.count",
                "Words()",
            ):
                asked |= {member.value for member in ast.walk(node.args[0]) if isinstance(member, ast.Constant)
                          and isinstance(member.value, str)}  # fmt: skip
    assert len(asked) > 50
    known = messages._table(SUITE / "words")
    starts = {key for key in asked if key.endswith("-")}
    assert {key for key in asked - starts if key not in known} <= {"error", "fail"}
    assert {start for start in starts if not any(key.startswith(start) for key in known)} == set()


def said_by_checks() -> Iterator[str]:
    """Yield what the checks of every kind are called, their cases, and why Keras is not held to some of them."""
    for kind in KINDS.values():
        for group in kind.groups:
            importlib.import_module(f"callback_conformance.checks.{group}")
            yield from (case.name for case in vectors.load(group))
    yield from (check.title for check in CHECKS)
    for path in (SUITE / "expectations").glob("*.toml"):
        yield from (entry["reason"] for entry in tomllib.loads(path.read_text(encoding="utf-8")).values())


def test_each_english_sentence_that_is_translated_is_one_that_the_suite_says() -> None:
    """Its fixed parts stand in the code, in the names of its checks, or in argparse."""
    import argparse

    written = "".join(path.read_text(encoding="utf-8") for path in SUITE.rglob("*.py")) + inspect.getsource(argparse)
    flat = re.sub(r'"\s*(#[^\n]*)?\n\s*f?"', "", written)
    checks = set(said_by_checks())
    for key, words in messages.templates().items():
        if messages.FIELD.search(words["en"]) or words["en"].format() not in checks:
            for part in messages.FIELD.split(words["en"])[::2]:
                assert part.format().strip(" :,;()?") in flat, key


REFUSE = {"_require", "require", "_require_answers", "_require_rates", "mentions", "Broken", "Unsupported"}
"""What a check calls with the sentence that says what is wrong as its first argument."""


def said_when_broken() -> Iterator[str]:
    """Yield the sentences of the checks, with a 1 for what is filled in."""
    for path in (*SUITE.glob("checks/*.py"), *SUITE.glob("hosts/*.py"), *SUITE.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and ast.unparse(node.func) in REFUSE:
                yield from _sentences(node.args[0])


def _sentences(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from (*_sentences(node.body), *_sentences(node.orelse))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "1" for part in node.values)


def test_what_the_checks_say_is_translated() -> None:
    said = {*said_by_checks(), *said_when_broken()}
    assert len(said) > 1000
    for language in TRANSLATIONS:
        words = Words(language)
        assert sorted(sentence for sentence in said if words.known(sentence) is None) == [], language


def test_a_reason_of_a_title_and_a_sentence_is_told_as_both() -> None:
    title = "Training begins at epoch 0 with the model's own weights."
    words = Words("it")
    why = words.known("the weights were loaded")
    assert words.known(f"{title}: the weights were loaded") == f"{words.known(title)}: {why}"
    assert words.known(f"{title}: nobody says this") is None
    assert words.known("nobody says this: the weights were loaded") is None


CODE = re.compile(r"`[^`]*`|\b[A-Z]{2}-\d\d\b")


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_evidence_in_another_language_has_the_code_and_the_clauses_of_the_english(language: str) -> None:
    for clause in clauses.load().values():
        assert sorted(CODE.findall(clause.proof(language))) == sorted(CODE.findall(clause.evidence)), clause.id
        assert clause.proof(language) != clause.evidence or len(clause.evidence.split()) < 4, clause.id


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_sentence_of_the_suite_is_told_in_the_readers_language_and_another_is_marked_as_english(
    language: str,
) -> None:
    words = Words(language)
    told = words.told("mine:Stop has no attribute best, wait")
    assert "best, wait" in told
    assert "has no" not in told
    assert words.told("nobody says this") == words("in-english", text="nobody says this")
    assert Words("en").told("nobody says this") == "nobody says this"


def test_words_of_an_unknown_language_or_key_are_refused() -> None:
    with pytest.raises(LookupError, match="no words in 'fr'; there are en, it, zh, ko"):
        Words("fr")
    with pytest.raises(LookupError, match=r"no table \[nonsense\]"):
        Words()("nonsense")


def test_the_same_key_in_two_files_is_refused(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text('[x]\nen = "x"\n')
    with pytest.raises(LookupError, match=r"b.toml: x stands in another file"):
        messages._table(tmp_path)


# --- help and errors ------------------------------------------------------------------------------------------------

USAGE = {"en": "usage: ", "it": "uso: ", "zh": "用法：", "ko": "사용법: "}


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_is_in_the_readers_language_and_fits_eighty_columns(
    language: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from rich.cells import cell_len

    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit) as stopped:
        main(["--help", "--lang", language])
    printed = capsys.readouterr().out
    assert stopped.value.code == 0
    assert printed.startswith(USAGE[language] + "callback-conformance ")
    assert max(cell_len(line) for line in printed.splitlines()) <= 80
    for name in ("callback-conformance matrix", "callback-conformance hunt", "--list-clauses", "EarlyStopping"):
        assert name in re.sub(r"\s+", " ", printed)
    if language != "en":
        assert not re.search(r"\b(usage|options|show|default:|exit code)\b", printed, re.IGNORECASE)


def test_the_locale_chooses_the_language_and_an_option_outranks_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    assert main(["--explain", "ES-99"]) == 2
    assert "그런 조항이 없습니다" in capsys.readouterr().err
    assert main(["--explain", "ES-99", "--lang=it"]) == 2
    assert "questa clausola non esiste" in capsys.readouterr().err


BAD = [
    (["--as", "EarlyStoping"], "did you mean EarlyStopping"),
    (["--profile", "netwrk"], "'netwrk': expected decision, files, text, network, events; did you mean network?"),
    (["--lang", "kr"], "argument --lang: 'kr': expected en, it, zh, ko"),
    (["--clause", "ES-99"], "--clause ES-99: there is no such clause; did you mean ES-"),
    (["--clause", "LC-01", *STOP], "EarlyStopping has no such clause; it belongs to CallbackList"),
    (["--clause", "ES-13", "--profile", "files"], "--clause ES-13 contradicts --profile files"),
    (["--as", "EarlyStopping", "--profile", "network"], "no clause fits all of them"),
    (["--explain", "XX-1"], "--explain XX-01: there is no such clause"),
    (["--case", "ES-13/ddbf", "--list-clauses"], "--case and --list-clauses contradict each other"),
    (["--explain", "ES-13", "--junit", "a.xml"], "--explain and --junit contradict each other"),
    (["--list-clauses", "keras.callbacks"], "--list-clauses judges nothing: leave out keras.callbacks"),
    (["--examples", "0"], "'0': expected quick, default, deep or a number from 1"),
    (["--seed", "x"], "'x': expected a whole number, such as 7"),
    (["--limit", "0"], "'0': expected a number of seconds above 0"),
    (["--limit", "nan"], "'nan': expected a number of seconds above 0"),
    (["--jobs", "0"], "'0': expected a number from 1"),
    (["--exampels", "3"], "unrecognized arguments: --exampels"),
    (["--clause"], "argument --clause: expected one argument"),
    (["--quiet=yes"], "argument --quiet: ignored explicit argument 'yes'"),
    (["--html", "."], "--html .: this is a folder; name a file"),
    (["--json", "a", "--html", "a"], "--json and --html both name a"),
    (["--junit", "notes.txt"], "--junit notes.txt: this file is no report of this command"),
    (["--json", "notes.txt"], "--json notes.txt: this file is no report of this command"),
    (["--json", os.devnull], "this is no ordinary file"),
]


@pytest.mark.parametrize(("arguments", "message"), BAD, ids=[" ".join(arguments) for arguments, _ in BAD])
def test_bad_input_gets_one_line_and_2_before_anything_is_judged(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command_line, "judge_apart", lambda *task, **other: pytest.fail("something was judged"))
    Path("notes.txt").write_text("mine")
    english = _refusal(arguments, capsys)
    assert message in english
    for language in TRANSLATIONS:
        told = _refusal([*arguments, f"--lang={language}"], capsys) if "--lang" not in arguments else "told"
        assert told not in ("", english)
        assert "(in inglese)" not in told
    assert Path("notes.txt").read_text() == "mine"
    assert os.listdir() == ["notes.txt"]


def test_a_report_below_a_file_is_refused_with_what_the_system_says(capsys: pytest.CaptureFixture[str]) -> None:
    Path("notes.txt").write_text("mine")
    assert "--json notes.txt/report.json: File exists: notes.txt" in _refusal(
        ["--json", "notes.txt/report.json"], capsys
    )


def _refusal(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    try:
        code: Any = main(arguments)
    except SystemExit as stopped:
        code = stopped.code
    captured = capsys.readouterr()
    assert (code, captured.out) == (2, "")
    assert captured.err.startswith("callback-conformance: ")
    assert captured.err.count("\n") == 1
    return captured.err


SUBJECTS = [
    ("stop", "an instance of EarlyStopping, and no class; name the class"),
    ("nothing", "mine:nothing() gave NoneType, which is no callback"),
    ("function", "cannot be built: TypeError"),
    ("Half", "mine:Half lacks on_epoch_end, on_train_batch_begin"),
    ("Haf", "mine has no class Haf; it has EarlyStopping, Half; did you mean Half?"),
]
MINE = """
from callback_reference import EarlyStopping
stop = EarlyStopping()
def nothing(**named): pass
def function(model): return model
class Half:
    set_model = set_params = on_train_begin = on_train_end = on_epoch_begin = print
"""


@pytest.mark.parametrize(("name", "message"), SUBJECTS)
def test_a_subject_of_the_wrong_kind_is_named_with_what_is_wrong(
    name: str, message: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, here: None
) -> None:
    Path("mine.py").write_text(MINE)
    monkeypatch.delitem(sys.modules, "mine", raising=False)
    english = _refusal([f"mine:{name}", "--as", "EarlyStopping"], capsys)
    assert message in english
    for language in TRANSLATIONS:
        told = _refusal([f"mine:{name}", "--as", "EarlyStopping", "--lang", language], capsys)
        assert told != english
        assert Words(language)("in-english", text="") not in told
    monkeypatch.delitem(sys.modules, "mine", raising=False)


@pytest.mark.parametrize("name", ["matrix", "hunt"])
def test_the_other_commands_get_the_rest_of_the_line_and_the_language(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import types

    told = []
    module = types.ModuleType(f"callback_conformance.{name}")
    module.main = lambda arguments, language: told.append((arguments, language)) or 7  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    assert main([name, "--columns", "3", "--lang", "zh"]) == 7
    assert told == [(["--columns", "3"], "zh")]


# --- reports --------------------------------------------------------------------------------------------------------

FAILED = {
    "it": ("atteso", "soggetto", "STOP", "continua", "<- prima differenza", "per ripetere: ", "fallita"),
    "zh": ("预期", "被测对象", "停止", "继续", "<- 第一处不同", "重放：", "未通过"),
    "ko": ("기대", "검사 대상", "멈춤", "계속", "<- 처음 달라진 곳", "다시 실행: ", "실패"),
}


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_failure_is_shown_in_the_readers_language(
    language: str, capsys: pytest.CaptureFixture[str], here: None
) -> None:
    assert main([*STOP, "--clause", "ES-13", "--lang", language]) == 1
    printed = capsys.readouterr().out
    assert clauses.load()["ES-13"].text(language) in printed
    for words in FAILED[language]:
        assert words in printed
    assert "callback-conformance handwritten:OffByOne --as EarlyStopping --case ES-13/ddbf" in printed
    replayed = main([*STOP, "--case", "ES-13/ddbf", "--lang", language])
    assert replayed == 1
    assert FAILED[language][4] in capsys.readouterr().out


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_letter_stops_the_command_where_the_output_knows_ascii_only(
    language: str, monkeypatch: pytest.MonkeyPatch, here: None
) -> None:
    streams = {name: io.TextIOWrapper(io.BytesIO(), encoding="ascii") for name in ("stdout", "stderr")}
    for name, stream in streams.items():
        monkeypatch.setattr(sys, name, stream)
    assert main([*STOP, "--clause", "ES-13", "--lang", language]) == 1
    assert main(["--explain", "ES-09", "--lang", language]) == 0
    assert main(["--list-clauses", "--lang", language]) == 0
    printed = {name: (stream.flush(), stream.buffer.getvalue().decode("ascii"))[1] for name, stream in streams.items()}  # type: ignore[attr-defined]
    assert "<- first difference" in printed["stdout"]
    assert ("cannot show language" in printed["stderr"]) == (language != "en")


def test_a_western_code_page_shows_italian_and_gives_english_for_chinese(
    monkeypatch: pytest.MonkeyPatch, here: None
) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
    monkeypatch.setattr(sys, "stdout", stream)
    assert main([*STOP, "--clause", "ES-13", "--lang", "it"]) == 1
    assert main([*STOP, "--clause", "ES-13", "--lang", "zh"]) == 1
    stream.flush()
    printed = stream.buffer.getvalue().decode("cp1252")  # type: ignore[attr-defined]
    assert "<- prima differenza" in printed
    assert "<- first difference" in printed


def test_in_a_process_of_its_own_an_ascii_output_gets_the_failure_too() -> None:
    """The streams are those of the operating system here, and the locale asks for Korean."""
    path = os.pathsep.join([str(Path(__file__).parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    environ = os.environ | {
        "PYTHONPATH": path,
        "PYTHONIOENCODING": "ascii",
        "LC_ALL": "ko_KR.UTF-8",
        "FORCE_COLOR": "1",
    }
    line = [sys.executable, "-m", "callback_conformance", *STOP, "--clause", "ES-13"]
    done = subprocess.run(line, capture_output=True, env=environ, check=False)
    assert done.returncode == 1, done.stderr
    assert b"<- first difference" in done.stdout
    assert done.stderr == b"", "no progress where nobody looks"


def test_only_the_clauses_of_the_profiles_are_judged(tmp_path: Path, here: None) -> None:
    assert main([*STOP, "--profile", "text", "--json", "report.json"]) == 1
    written = json.loads(Path("report.json").read_text())
    assert {member["profile"] for member in written["clauses"].values()} == {"text"}
    assert len(written["clauses"]) == 4


def test_quiet_prints_what_is_broken_and_nothing_else(capsys: pytest.CaptureFixture[str], here: None) -> None:
    assert main([*STOP, "--clause", "ES-13", "--quiet", "--json", "report.json"]) == 1
    printed = capsys.readouterr().out
    assert printed.startswith("ES-13 EarlyStopping: ")
    assert printed.rstrip().endswith("--case ES-13/ddbf")
    assert main(["handwritten:MyStop", "--as", "EarlyStopping", "--clause", "ES-13", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


def test_junit_has_one_test_case_for_each_clause_in_english(here: None) -> None:
    assert (
        main(
            [
                *STOP,
                "--junit",
                "junit.xml",
                "--lang",
                "ko",
                "--clause",
                "ES-13",
                "--clause",
                "ES-40",
                "--clause",
                "ES-55",
            ]
        )
        == 1
    )
    root = ET.parse("junit.xml").getroot()
    assert root.attrib["name"] == "callback-conformance"
    [suite] = root
    cases = {case.attrib["name"]: case for case in suite.iter("testcase")}
    assert set(cases) == {"ES-13", "ES-40", "ES-55"}
    assert {case.attrib["classname"] for case in cases.values()} == {"EarlyStopping"}
    failure = cases["ES-13"].find("failure")
    assert failure is not None
    assert "<- first difference" in str(failure.text)
    skipped = cases["ES-55"].find("skipped")
    assert skipped is not None
    assert skipped.attrib["message"].startswith("unsupported: ")
    assert (suite.attrib["tests"], suite.attrib["failures"], suite.attrib["skipped"]) == ("3", "1", "1")
    again = main([*STOP, "--junit", "junit.xml", "--clause", "ES-13"])
    assert again == 1, "a report of ours may be replaced"


def test_junit_survives_what_xml_cannot_hold() -> None:
    from callback_conformance.junit import junit

    result = runner.Result(callback="EarlyStopping", profile="text", status="error", reason="\x00\x1b[31m ]]> & <b>")
    report = runner.Report(subject={"name": "a\x07:B"}, clauses={"ES-01": result})
    [error] = ET.fromstring(junit(report)).iter("error")
    assert error.attrib["message"] == "error: ??[31m ]]> & <b>"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_holds_each_failure_asks_for_nothing_and_escapes_what_a_subject_says(
    language: str, here: None
) -> None:
    from bs4 import BeautifulSoup

    Path("evil.py").write_text(
        "from callback_reference import EarlyStopping as Base\n"
        "class EarlyStopping(Base):\n"
        "    def on_train_begin(self, logs=None):\n"
        "        raise ValueError('<script>alert(1)</script>')\n"
    )
    assert (
        main(
            ["evil:EarlyStopping", "--clause", "ES-13", "--clause", "ES-09", "--html", "page.html", "--lang", language]
        )
        == 1
    )
    text = Path("page.html").read_text(encoding="utf-8")
    page = BeautifulSoup(text, "html.parser")
    assert page.html["lang"] == language
    assert page.find("script") is None
    assert "&lt;script&gt;" in text
    assert not page.find_all(["img", "link", "iframe", "object"])
    assert not re.search(r"""(src|href)=["'](?!#)|url\(|@import""", text)
    assert page.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"].startswith(
        "default-src 'none'"
    )
    assert "prefers-color-scheme: dark" in text
    assert clauses.load()["ES-13"].text(language) in page.get_text()
    marks = [cell.get_text() for cell in page.select("tr.first td.mark")]
    assert Words(language)("first-difference") in marks
    assert "--case ES-13/" in page.get_text()
    assert [box["tabindex"] for box in page.select(".scroll")] == ["0"] * len(page.select(".scroll"))
    assert all(cell.get("scope") for cell in page.find_all("th"))


# --- reading the contract -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_gives_each_clause_on_a_line_where_nobody_looks(
    language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--list-clauses", "--lang", language]) == 0
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [row[0] for row in rows] == list(clauses.load())
    assert {len(row) for row in rows} == {6}
    assert {row[0]: row[5] for row in rows} == {name: clause.text(language) for name, clause in clauses.load().items()}


def test_the_list_is_filtered_and_a_table_on_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["--list-clauses", "--as", "EarlyStopping", "--profile", "text"]) == 0
    assert [line[:5] for line in capsys.readouterr().out.splitlines()] == ["ES-20", "ES-26", "ES-27", "ES-28"]
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert main(["--list-clauses", "--clause", "es-9", "--lang", "it"]) == 0
    printed = capsys.readouterr().out
    assert "┏" in printed
    assert "Il contratto: 1 clausola" in printed
    assert "controversa" in printed


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_clause_can_be_explained(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = Words(language)
    for clause in list(clauses.load().values())[:: 1 if language == "en" else 10]:
        explain(clause.id, words)
        printed = capsys.readouterr().out
        assert clause.text(language) in printed
        assert words("title-and-why", title=words("explain-evidence"), why=clause.proof(language)) in printed
        assert words("explain-vectors") in printed or words("explain-checks") in printed or clause.status == "withdrawn"


def test_an_explanation_names_what_is_played_and_what_must_be_seen(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--explain", "ES-09", "--lang", "ko"]) == 0
    printed = capsys.readouterr().out
    for line in ("EarlyStopping(mode='min', patience=2)", "값: nan, 5, 4, 5, 5, 5", "기대: stop = 계속, 계속, 멈춤",
                 "또는 다른 해석으로: stop = 계속, 계속, 계속, 계속, 멈춤"):  # fmt: skip
        assert line in printed


# --- cut off --------------------------------------------------------------------------------------------------------


def test_ctrl_c_keeps_and_marks_what_was_judged(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def press(task: Task, *, on_clause: Callable[..., None], **other: Any) -> list[runner.Report]:
        def interrupt(kind: str, clause: str, result: runner.Result) -> None:
            raise KeyboardInterrupt

        return supervise.judge_apart(task, on_clause=interrupt, **other)

    monkeypatch.setattr(command_line, "judge_apart", press)
    names = [f"--clause=ES-{number:02}" for number in (1, 2, 3)]
    code = main(
        ["callback_reference:EarlyStopping", *names, "--json", "a.json", "--html", "a.html", "--junit", "a.xml"]
    )
    captured = capsys.readouterr()
    assert code == 3
    assert captured.err == 'Interrupted: 1 of 3 clauses were judged. The report says `"finished": false`.\n'
    written = json.loads(Path("a.json").read_text())
    assert written["finished"] is False
    assert [member["status"] for member in written["clauses"].values()] == ["pass", "not-run", "not-run"]
    assert "did not finish" in Path("a.html").read_text()
    assert 'name="finished" value="false"' in Path("a.xml").read_text()


def test_ctrl_c_before_anything_is_judged_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def press(*task: Any, **other: Any) -> list[runner.Report]:
        raise KeyboardInterrupt

    monkeypatch.setattr(command_line, "judge_apart", press)
    assert main(STOP) == 3
    assert capsys.readouterr().err == "callback-conformance: interrupted before anything was judged\n"


def test_an_unfinished_report_does_not_replace_a_whole_one(here: None) -> None:
    subject = {"package": "keras", "version": "3.15.1", "backend": "jax"}
    assert command_line._file_name(runner.Report(subject=subject, finished=True)) == "keras-3.15.1-jax.json"
    assert command_line._file_name(runner.Report(subject=subject)) == "keras-3.15.1-jax.unfinished.json"


@pytest.mark.parametrize("option", ["--json", "--junit", "--html"])
def test_a_full_disk_is_told_and_ends_with_3(
    option: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, here: None
) -> None:
    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert main(["handwritten:MyStop", "--as", "EarlyStopping", "--clause", "ES-13", option, "out.file"]) == 3
    assert capsys.readouterr().err == "no report: out.file: No space left on device\n"
    assert not Path("out.file").exists()


def test_the_options_of_every_mode_are_ones_that_exist() -> None:
    known = {name for action in options.parser(Words())._actions for name in action.option_strings}
    assert {name for fitting in options.FITTING.values() for name in fitting} <= known
