"""How long each finished form of an appeal takes, from a cold start and warm, and PDF beside WeasyPrint.

Usage: `python bench/rendering.py [--quick]`. The appeal is the invented one in examples/, as the reader reads it; a
published one is set beside it where it lies beside the project. Warm times are medians in one process, in
milliseconds of the processor over all its threads, so that a busy machine does not matter; cold times are medians of
whole new processes by the clock on the wall, less the start of Python, and include the imports. WeasyPrint makes a
tagged PDF of our own HTML, whose style sheet is written for print too; both PDFs hold the same words.
"""

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tocsin.adapters.outlets import FORMATS, Format, render_file
from tocsin.core.appeal import AppealDocument, to_json
from tocsin.core.reader import read

ROOT = Path(__file__).resolve().parent.parent
TARGET_ALL_MS = 150
TARGET_TIMES = 5
_ONE = """
import sys
from tocsin.adapters.outlets import render_file
from tocsin.core.appeal import from_json
render_file(from_json(sys.stdin.read()), sys.argv[1])
"""
_NOTHING = """
import sys
from tocsin.core.appeal import from_json
from_json(sys.stdin.read())
"""


def appeals() -> dict[str, AppealDocument]:
    """Give the appeals to render, by the name of the row."""
    sources = {"examples/appeal.txt": ROOT / "examples" / "appeal.txt"}
    sources |= {f"{path.stem[:3]} (published)": path for path in sorted((ROOT.parent / "shared/seeds").glob("*.txt"))}
    return {name: read(path.read_text("utf-8"))[0].document for name, path in sources.items()}


def median_ms(work: Callable[[], object], runs: int, clock: Callable[[], float] = time.process_time) -> float:
    """Give the median milliseconds of some runs, after one that does not count."""
    work()
    times = []
    for _ in range(runs):
        start = clock()
        work()
        times.append(clock() - start)
    return statistics.median(times) * 1e3


def cold_ms(document: AppealDocument, form: Format, runs: int) -> float:
    """Give the milliseconds that a new process takes for one form, less those it takes to read the document."""
    given = to_json(document).encode()

    def start(*words: str) -> float:
        command = [sys.executable, "-c", *words]
        return median_ms(
            lambda: subprocess.run(command, input=given, check=True, stdout=subprocess.DEVNULL), runs, time.perf_counter
        )

    return start(_ONE, form) - start(_NOTHING)


def print_forms(name: str, document: AppealDocument, runs: int) -> bool:
    """Print the times of each form and of all of them; tells whether they are as wanted."""
    print(f"{name:<26}{'kB':>8}{'warm ms':>10}{'cold ms':>10}")
    total = 0.0
    for form in FORMATS:
        size = len(render_file(document, form)) / 1e3
        warm = median_ms(lambda form=form: render_file(document, form), runs)  # type: ignore[misc]
        total += warm
        print(f"  {form:<24}{size:>8.1f}{warm:>10.2f}{cold_ms(document, form, max(1, runs // 4)):>10.0f}")
    print(f"  {'all forms':<32}{total:>10.2f}   wanted: {TARGET_ALL_MS} ms or less{_mark(total <= TARGET_ALL_MS)}\n")
    return total <= TARGET_ALL_MS


def _mark(met: bool) -> str:
    return "" if met else "  MISSED"


def print_peer(documents: dict[str, AppealDocument], runs: int) -> bool:
    """Print PDF by us beside PDF by WeasyPrint, or say openly that the peer could not be had; tells as above."""
    print(f"{'PDF, warm ms':<26}{'tocsin':>10}{'weasyprint':>12}{'times':>8}{'pages':>12}")
    try:
        import weasyprint  # type: ignore[import-not-found,import-untyped,unused-ignore]  # noqa: PLC0415
    except (ImportError, OSError) as error:
        # OSError: the package is there, but Pango is not.
        print(f"  NOT MEASURED: WeasyPrint cannot be loaded ({type(error).__name__}: {str(error).splitlines()[0]})")
        return True
    slowest = float("inf")
    for name, document in documents.items():
        html = render_file(document, "html").decode()

        def peer(html: str = html) -> bytes:
            made: bytes = weasyprint.HTML(string=html).write_pdf(pdf_variant="pdf/ua-1")
            return made

        ours = median_ms(lambda document=document: render_file(document, "pdf"), runs)  # type: ignore[misc]
        theirs = median_ms(peer, max(1, runs // 4))
        slowest = min(slowest, theirs / ours)
        pages = f"{count_pages(render_file(document, 'pdf'))} / {count_pages(peer())}"
        print(f"  {name:<24}{ours:>10.1f}{theirs:>12.1f}{theirs / ours:>8.1f}{pages:>12}")
    print(f"wanted: {TARGET_TIMES} times as fast or more{_mark(slowest >= TARGET_TIMES)}\n")
    return slowest >= TARGET_TIMES


def count_pages(pdf: bytes) -> int:
    """Count the pages of a PDF."""
    import pypdfium2  # noqa: PLC0415

    return len(pypdfium2.PdfDocument(pdf))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--quick", action="store_true", help="one run of each, the invented appeal only")
    quick = parser.parse_args(arguments).quick
    documents = appeals()
    documents = dict(list(documents.items())[:1]) if quick else documents
    met = [print_forms(name, document, 1 if quick else 21) for name, document in documents.items()]
    if not all([*met, print_peer(documents, 1 if quick else 21)]):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
