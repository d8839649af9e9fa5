"""Throw hostile input at everything that takes text or bytes from strangers; run `python bench/fuzz.py --seconds 60`.

Each target runs in a child process of its own, guided by coverage (atheris), for the given seconds. Inputs are put
together from random characters and from pieces of real ones: lines of the corpus, phrases of the lexicons, codes, dirt.
A target fails when it raises what is no `TocsinError`, when one input takes more than `CPU_SECONDS`, or when a promise
is broken, such as that no sign of a text goes missing. The input is then saved under `out/fuzz/`; the exit code is 1.

`python bench/fuzz.py --show out/fuzz/reader.read-1.txt` runs the saved inputs again and says what is wrong with each.
"""

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import FrameType, ModuleType, TracebackType
from typing import Any, Self

OUT = Path(__file__).resolve().parent.parent / "out" / "fuzz"
CPU_SECONDS = 2.0
"""How long one input may take; instrumented code is several times slower than the same code at work."""
_STUCK_SECONDS = 60
_LONGEST_TEXT = 6_000
_MOST_CHOICES = 512
_MOST_FINDINGS = 5

Input = str | bytes


class BrokenPromise(Exception):
    """An input was taken, and what came out is wrong."""


class TooSlow(Exception):
    """An input took more processor time than it may."""


def check_read(raw: Input) -> None:
    """Read a text and look whether anything went missing."""
    from reader_promises import broken_promises  # noqa: PLC0415 - imported only where tocsin is instrumented

    from tocsin.core import reader  # noqa: PLC0415
    from tocsin.core.reader.normalise import normalise  # noqa: PLC0415

    text = normalise(str(raw))
    if normalise(text) != text:
        raise BrokenPromise("normalising twice differs from once")
    if broken := broken_promises(text, reader.read(str(raw))):
        raise BrokenPromise(broken[0])


def check_find_all(raw: Input) -> None:
    """Find codes; each is the slice that its span names, in order and without overlap."""
    from tocsin.core.codes import find_all  # noqa: PLC0415

    text, position = str(raw), 0
    for found in find_all(text):
        if text[slice(*found.span)] != found.as_printed or not position <= found.span[0] < found.span[1]:
            raise BrokenPromise(f"not the slice, or not in order: {found}")
        position = found.span[1]


def check_parse(raw: Input) -> None:
    """Parse a code; what was understood must parse again to the same."""
    from tocsin.core.codes import format_code, parse  # noqa: PLC0415

    code = parse(str(raw)).code
    if parse(format_code(code)).code != code:
        raise BrokenPromise(f"printed as {format_code(code)}, which is another code")


def check_match(raw: Input) -> None:
    """Match a mail; only published codes may be named."""
    from tocsin.core.codes import Entry, Registry, parse  # noqa: PLC0415
    from tocsin.core.matching import match  # noqa: PLC0415

    published = Registry([Entry(parse(code).code) for code in CODES])
    known = {entry.code for entry in published.entries}
    found = match(str(raw), published)
    named = {candidate.code for candidate in found.candidates} | ({found.code} if found.code else set())
    if not named <= known:
        raise BrokenPromise(f"never published: {named - known}")


def check_from_json(raw: Input) -> None:
    """Read a document; what is taken must come back as the same document."""
    from tocsin.core.appeal import from_json, to_json  # noqa: PLC0415

    document = from_json(raw)
    if from_json(to_json(document)) != document:
        raise BrokenPromise("written and read again it is another document")


def check_sniff(raw: Input) -> None:
    """Recognise a file by its bytes, under the names that could change the verdict."""
    from tocsin.adapters.documents.formats import check_name, sniff  # noqa: PLC0415

    for extension in ("", "txt", "html", "eml"):
        check_name(sniff(bytes(str(raw), "utf-8", "surrogatepass") if isinstance(raw, str) else raw, extension), "")


def check_decode(raw: Input) -> None:
    """Decode bytes, with and without a declared encoding."""
    from tocsin.adapters.documents.plaintext import decode  # noqa: PLC0415
    from tocsin.core.errors import TocsinError  # noqa: PLC0415

    data = bytes(str(raw), "utf-8", "surrogatepass") if isinstance(raw, str) else raw
    for declared in (None, "utf-7", "iso2022_jp", "utf-16", "punycode", "hex", data[:12].decode("latin-1")):
        try:
            text, _ = decode(data, declared)
        except TocsinError:
            continue
        text.encode("utf-8")


def check_preflight(raw: Input) -> None:
    """Check what is read; every rule ran or is said not to have, and each finding quotes what stands at its span."""
    import datetime as dt  # noqa: PLC0415

    from tocsin.core import preflight, reader  # noqa: PLC0415

    for reading in reader.read(str(raw)):
        source = reading.document.source
        report = preflight.check(reading.document, on=dt.date(2021, 10, 15))
        left = [each.rule for each in report.unchecked if not each.partly]
        if sorted([*report.checked, *left]) != sorted(preflight.load_rules()):
            raise BrokenPromise("a rule was neither checked nor said not to be")
        for place in (place for finding in report.findings for place in finding.places):
            if source and place.in_source and place.span and not source.text[slice(*place.span)]:
                raise BrokenPromise("a finding points outside the text")


def check_returned(raw: Input) -> None:
    """Read what came back: only a bounce is of a kind, all that is shown can be printed, and no program answers one."""
    from tocsin.core.bounces import may_be_answered, read, read_head, read_heading  # noqa: PLC0415
    from tocsin.core.classifying import proven_sender  # noqa: PLC0415

    mail = bytes(str(raw), "utf-8", "surrogatepass") if isinstance(raw, str) else raw
    returned = read(mail)
    proven_sender(read_heading(mail), "mx.observers.example")
    if returned.evidence.where in ("header", "subject") and may_be_answered(read_head(mail), "mira@reader.example"):
        raise BrokenPromise("a program would answer what says in its head that a machine wrote it")
    if (returned.kind is None) != (returned.sort != "bounce"):
        raise BrokenPromise("only a bounce has a kind")
    if not all(each.words.isprintable() for each in (returned.evidence, *(one.evidence for one in returned.failures))):
        raise BrokenPromise("evidence that cannot be printed")


def check_mail(raw: Input) -> None:
    """Open a mail: parts, headers, encodings; what it gives can be written down and handed on."""
    from tocsin.adapters.documents.limits import LIMITS  # noqa: PLC0415
    from tocsin.adapters.documents.mails_child import read_mail  # noqa: PLC0415

    told = read_mail(bytes(str(raw), "utf-8", "surrogatepass") if isinstance(raw, str) else raw, LIMITS)
    json.loads(json.dumps(told))
    if any(not each["name"].isprintable() for each in told.get("attachments", ())):
        raise BrokenPromise("the name of an attachment that cannot be printed")


TARGETS: Mapping[str, Callable[[Input], None]] = {
    "reader.read": check_read,
    "preflight.check": check_preflight,
    "codes.find_all": check_find_all,
    "codes.parse": check_parse,
    "matching.match": check_match,
    "appeal.from_json": check_from_json,
    "formats.sniff": check_sniff,
    "plaintext.decode": check_decode,
    "bounces.read": check_returned,
    "mails.read": check_mail,
}
_BYTES = frozenset({"formats.sniff", "plaintext.decode", "bounces.read", "mails.read"})
CODES = (
    "XZV 003 / 0221 / OBS 014",
    "XZV 003 / 0221 / OBS 014.1",
    "XOS 001 / 1109 / OBS 172",
    "XBM 012 / 0601 / OBS 041",
)

_DIRT = (
    "\u00ad", "\u200b", "\u200f", "\u202e", "\ufeff", "\u00a0", "&nbsp;", "&amp;#47;", "&#x2F;", "\r\n", "\n\n", ">>",
    "\n> ", "{mso-style:}", "<!--", "-->", "\u0301", "\ufb03", "\u0130", "²", "\U0001d7db", "[1]", "(1)", "1.", "i.",
    "iv)", "•", "-", "–", "—", "/", ":", ";", ",", ".", "…", "“", "”", "«", "»", '"', "'", "’", "@", "http://", "www.",
    "+33", "(0)", "\x00", "\x85", "\u2028", "\udc80", "[email\u00a0protected]", "Ã©", "â€œ", "Ð¾Ð±", "áîëüøîé",
)  # fmt: skip
_MIME_PARTS = (
    "Content-Type: multipart/mixed; boundary=b\r\n\r\n", "\r\n--b\r\n", "\r\n--b--\r\n", "multipart/alternative",
    "message/rfc822", "text/html", "Content-Transfer-Encoding: base64\r\n", "quoted-printable", "; charset=utf-7",
    "filename*=utf-8''%D0%B0", "filename*0*=", "=?utf-8?b?w6k=?=", "=?x?q?=", "=?utf-8?q?=C3?= =?utf-8?q?=A9?=",
    "=\r\n",
    "Content-Disposition: attachment; filename=", "application/ms-tnef; name=winmail.dat", "format=flowed; delsp=yes",
)  # fmt: skip
_FILE_PARTS = (
    "%PDF-1.7", "PK\x03\x04", "PK\x05\x06", "<!doctype html>", "<html>", "<p>", '<meta charset="utf-7">', "From: ",
    "Subject: ", "Received: ", "Content-Type: ", "\xff\xfe", "\xfe\xff", "\xef\xbb\xbf", "+ADw-", "\x1b$B",
    "\xd0\xcf\x11\xe0", "{\\rtf", "MZ", "\x00", "\r\n\r\n",
)  # fmt: skip


def pieces_for(target: str) -> list[str]:
    """Give the pieces of which inputs for a target are put together."""
    from reader_corpus import load  # noqa: PLC0415

    fixtures = load()
    if target in {"bounces.read", "mails.read"}:
        mailbox = Path(__file__).parents[1] / "tests/mailbox"
        mails = mailbox.glob("bounces/*.eml" if target == "bounces.read" else "*.eml")
        return [
            *_FILE_PARTS,
            *_MIME_PARTS,
            *(line + "\n" for one in sorted(mails) for line in one.read_text("latin-1").splitlines()),
        ]
    if target in _BYTES:
        return [*_FILE_PARTS, *_DIRT, *(line for one in fixtures[:6] for line in one.source.splitlines() if line)]
    if target == "appeal.from_json":
        return _json_pieces(fixtures[0].source)
    codes = [*CODES, "OBS 014", "XZV 003/0221", "0BS O14.l", "ОВS", "065/2021", "OBS 014 of February 2021"]
    if target not in {"reader.read", "preflight.check"}:
        headers = ["Subject: Re: ", "To: ", "Date: Mon, 11 Mar 2024 10:00:00 +0000\n", "\n\n", "On … wrote:\n", "> "]
        return [*codes, *_DIRT, *headers, *"0123456789", *(one.source[:300] for one in fixtures)]
    lines = [line for one in fixtures for line in one.source.splitlines(keepends=True) if line.strip()]
    return [*codes, *_DIRT, *_lexicon_phrases(), *lines]


def _json_pieces(source: str) -> list[str]:
    from tocsin.core import reader  # noqa: PLC0415
    from tocsin.core.appeal import to_json  # noqa: PLC0415

    whole = to_json(reader.read(source)[0].document)
    odd = ["null", "[]", "{}", "-1", "1e999", '"\\ud800"', "9" * 25, "[" * 200, '"2021-02-30"', "true", '""']
    return [*whole.splitlines(keepends=True), *odd, *'{}[],:"', whole[: len(whole) // 2], whole[len(whole) // 2 :]]


def _lexicon_phrases() -> list[str]:
    from importlib.resources import files  # noqa: PLC0415

    texts = [
        file.read_text("utf-8")
        for folder in files("tocsin.core.reader.lexicon").iterdir()
        if folder.is_dir()
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    ]
    return sorted({phrase + " " for text in texts for phrase in re.findall(r'"([^"\n]{3,60})"', text)})


def put_together(chosen: Any, pieces: Sequence[str]) -> str:
    """Build a text from the choices of the fuzzer (an `atheris.FuzzedDataProvider`).

    One in four says the same again and again until it is long: what is asked of each part with every other shows there.
    """
    parts: list[str] = []
    repeats = chosen.ConsumeIntInRange(0, 3) == 0
    while chosen.remaining_bytes() > 0 and sum(map(len, parts)) < _LONGEST_TEXT:
        kind = chosen.ConsumeIntInRange(0, 9)
        if kind == 0:
            parts.append(chosen.ConsumeUnicode(chosen.ConsumeIntInRange(1, 40)))
        elif kind == 1:
            parts.append(chosen.PickValueInList(pieces) * chosen.ConsumeIntInRange(2, 60))
        elif kind == 2:
            piece = chosen.PickValueInList(pieces)
            parts.append(piece[: chosen.ConsumeIntInRange(0, len(piece))])
        elif kind == 3:
            parts.append(chosen.PickValueInList(["\n", "\n\n", " ", ".\n", ", "]))
        else:
            parts.append(chosen.PickValueInList(pieces))
    text = "".join(parts)
    if repeats and text:
        text *= _LONGEST_TEXT // len(text) + 1
    return text[:_LONGEST_TEXT]


class Watch:
    """Around one input: sets the clock, and keeps what goes wrong instead of passing it on.

    Errors of our own tree are answers, not findings. Two findings of one kind in one line of code count as one.
    """

    def __init__(self, target: str, folder: Path) -> None:
        self.target = target
        self.folder = folder
        self.raw: Input = ""
        self.seen: set[tuple[str, ...]] = set()
        signal.signal(signal.SIGVTALRM, self._too_slow)

    def __enter__(self) -> Self:
        signal.setitimer(signal.ITIMER_VIRTUAL, CPU_SECONDS)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        from tocsin.core.errors import TocsinError  # noqa: PLC0415

        if error is None or isinstance(error, TocsinError):
            return True
        if not isinstance(error, Exception):
            return False
        self._keep(error, trace)
        return True

    def _too_slow(self, _: int, __: FrameType | None) -> None:
        raise TooSlow(f"more than {CPU_SECONDS} s for {len(self.raw)} characters")

    def _keep(self, error: Exception, trace: TracebackType | None) -> None:
        deepest = traceback.extract_tb(trace)[-1]
        what = str(error).split(":", 1)[0] if isinstance(error, BrokenPromise) else deepest.name
        key = (
            (type(error).__name__, what) if isinstance(error, TooSlow | BrokenPromise) else (what, str(deepest.lineno))
        )
        if key in self.seen or len(self.seen) >= _MOST_FINDINGS:
            return
        self.seen.add(key)
        path = self.folder / f"{self.target}-{len(self.seen)}.txt"
        path.write_bytes(self.raw if isinstance(self.raw, bytes) else self.raw.encode("utf-8", "surrogatepass"))
        path.with_suffix(".log").write_text("".join(traceback.format_exception(error)), "utf-8", "backslashreplace")


def fuzz_one(target: str, seconds: int, folder: Path) -> None:
    """Fuzz one target in this process, which ends with it."""
    import atheris  # noqa: PLC0415 - not there for every version of Python

    with atheris.instrument_imports(include=["tocsin.core", "tocsin.adapters.documents"]):
        _import_targets()
    check, pieces, watch = TARGETS[target], pieces_for(target), Watch(target, folder)

    def run(data: bytes) -> None:
        chosen = atheris.FuzzedDataProvider(data)
        if target in _BYTES and chosen.ConsumeBool():
            watch.raw = chosen.ConsumeBytes(_MOST_CHOICES)
        else:
            watch.raw = put_together(chosen, pieces)
        with watch:
            check(watch.raw)

    with tempfile.TemporaryDirectory() as first_choices:
        _write_first_choices(Path(first_choices))
        limits = [f"-max_total_time={seconds}", f"-timeout={_STUCK_SECONDS}", f"-max_len={_MOST_CHOICES}"]
        options = [*limits, "-len_control=0", f"-artifact_prefix={folder}/{target}-stuck-", first_choices]
        atheris.Setup([sys.argv[0], *options], run)
        atheris.Fuzz()


def _write_first_choices(folder: Path) -> None:
    """Write random choices to begin with: from nothing, the fuzzer takes long until its texts have many pieces."""
    dice = random.Random(20210608)
    for number in range(64):
        (folder / str(number)).write_bytes(dice.randbytes(dice.randint(4, _MOST_CHOICES)))


def _import_targets() -> ModuleType:
    import tocsin.adapters.documents.formats  # noqa: PLC0415
    import tocsin.adapters.documents.html  # noqa: PLC0415
    import tocsin.adapters.documents.mails_child  # noqa: PLC0415
    import tocsin.adapters.documents.plaintext  # noqa: PLC0415
    import tocsin.core.matching  # noqa: PLC0415
    import tocsin.core.reader  # noqa: PLC0415

    return tocsin


def show(paths: Sequence[Path]) -> int:
    """Run saved inputs again; gives the number of those that still fail."""
    failed = 0
    for path in paths:
        target = path.name.rsplit("-", 1)[0]
        data = path.read_bytes()
        raw = data if target in _BYTES else data.decode("utf-8", "surrogatepass")
        with tempfile.TemporaryDirectory() as folder:
            watch = Watch(target, Path(folder))
            watch.raw = raw
            with watch:
                TARGETS[target](raw)
        failed += bool(watch.seen)
        print(f"{path.name}: {'fails: ' + ', '.join(map(str, watch.seen)) if watch.seen else 'passes'}")
    return failed


def run_all(seconds: int, targets: Sequence[str], folder: Path) -> int:
    """Fuzz the targets, one on each core and each in its own process, and print the table; gives the findings."""
    folder.mkdir(parents=True, exist_ok=True)
    print(f"{'target':<20}{'seconds':>8}{'executions':>12}{'findings':>10}", flush=True)
    with ThreadPoolExecutor(os.cpu_count()) as cores:
        return sum(cores.map(partial(_run_child, seconds=seconds, folder=folder), targets))


def _run_child(target: str, seconds: int, folder: Path) -> int:
    for old in folder.glob(f"{target}-*"):
        old.unlink()
    child = [sys.executable, __file__, "--target", target, "--seconds", str(seconds), "--out", str(folder)]
    done = subprocess.run(child, capture_output=True, text=True, errors="replace", check=False)
    runs = re.search(r"Done (\d+) runs", done.stderr)
    saved = sorted(path for path in folder.glob(f"{target}-*") if path.suffix != ".log")
    ended_early = not saved and (done.returncode != 0 or runs is None)
    findings = len(saved) + ended_early
    said = [f"{target:<20}{seconds:>8}{runs[1] if runs else 'stopped':>12}{findings:>10}"]
    for path in saved:
        log = path.with_suffix(".log")
        cause = log.read_text("utf-8").strip().splitlines()[-1] if log.exists() else "the process was stopped"
        said.append(f"    {path.name}: {cause[:160]}")
    if ended_early:
        said.append("    the child process ended early: " + " | ".join(done.stderr.strip().splitlines()[-3:])[:400])
    # At once, as another target may end in the same moment.
    sys.stdout.write("\n".join(said) + "\n")
    sys.stdout.flush()
    return findings


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz, or show a finding."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--only", choices=TARGETS, action="append", help="fuzz this target alone")
    parser.add_argument("--turn", type=int, help="fuzz one target alone, the next one with each number")
    parser.add_argument("--out", type=Path, default=OUT, help="where findings are saved; out/fuzz")
    parser.add_argument("--show", type=Path, nargs="+", metavar="FILE", help="run saved inputs again")
    parser.add_argument("--target", choices=TARGETS, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.show:
        return min(1, show(chosen.show))
    if chosen.target:
        fuzz_one(chosen.target, chosen.seconds, chosen.out)
        return 0
    its_turn = None if chosen.turn is None else [list(TARGETS)[chosen.turn % len(TARGETS)]]
    return min(1, run_all(chosen.seconds, its_turn or chosen.only or list(TARGETS), chosen.out))


if __name__ == "__main__":
    sys.exit(main())
