"""The last step inside the child process that makes a copy: one line of JSON, and behind it the bytes of the copy."""

import sys

from tocsin.adapters.documents.child import answer_with
from tocsin.adapters.documents.copied import Area, Copy, Kind
from tocsin.adapters.documents.limits import Limits
from tocsin.adapters.documents.pixels import copy_pdf, copy_picture, picture_of_page


def main(kind: Kind, areas: list[tuple[int, int, int, int, int]], page: int, grid: bool, limits: Limits) -> None:
    """Answer with a copy, or with a picture of one page if `page` is not 0, or with the error that says why not."""
    made: list[Copy] = []

    def work() -> dict[str, object]:
        made.append(_made(kind, [Area(*each) for each in areas], page, grid, limits))
        return {"media_type": made[0].media_type, "pages": made[0].pages, "notes": made[0].notes}

    answer_with(work, limits)
    sys.stdout.flush()
    if made:
        sys.stdout.buffer.write(b"\n" + made[0].content)
        sys.stdout.buffer.flush()


def _made(kind: Kind, areas: list[Area], page: int, grid: bool, limits: Limits) -> Copy:
    written = sys.stdin.buffer.read()
    if kind == "picture":
        return copy_picture(written, areas, grid=grid)
    return picture_of_page(written, page, limits, grid=grid) if page else copy_pdf(written, areas, limits)
