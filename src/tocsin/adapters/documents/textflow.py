"""A stream of text pieces and line ends that becomes lines, as `innerText` of the HTML standard builds them."""

import re

_SPACES = re.compile(r"[ \t\n\r\f\v]+")
_OWN_MARKER = re.compile(r"(?:[•·▪◦‣*–—-]|\(?[ivxlc]{1,6}[.)]|\(?[0-9]{1,2}[.)]|\(?[a-z][.)])(?:\s|$)", re.IGNORECASE)

BULLET = "- "


class TextFlow:
    """Collects text; white space is collapsed and line ends between blocks are the largest that was asked for."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._ends = 0
        self._marker = ""
        self._at_start = True
        self._space = False

    @property
    def at_line_start(self) -> bool:
        """Whether the next text begins a line."""
        return self._at_start or self._ends > 0

    def write(self, text: str) -> None:
        """Add text in which any white space is one space."""
        collapsed = _SPACES.sub(" ", text)
        if collapsed.startswith(" "):
            self._space = True
        if core := collapsed.strip(" "):
            self._put(core)
            self._space = collapsed.endswith(" ")

    def write_kept(self, text: str) -> None:
        """Add text whose white space is meant."""
        for number, line in enumerate(text.expandtabs(4).split("\n")):
            if number:
                self.end_line()
            if line:
                self._put(line)

    def end_line(self) -> None:
        """End the line here, also an empty one."""
        self._settle()
        self._pieces.append("\n")
        self._at_start, self._space = True, False

    def end_block(self, ends: int) -> None:
        """Ask for at least `ends` line ends before the next text; a waiting list marker has its text first."""
        if not self._marker:
            self._ends = max(self._ends, ends)
            self._space = False

    def mark_item(self, marker: str) -> None:
        """Begin a list item: `marker` goes before its first text."""
        self.drop_marker()
        self.end_block(1)
        self._marker = marker

    def drop_marker(self) -> None:
        """End a list item, also one that had no text."""
        self._marker = ""

    def text(self) -> str:
        """Give the lines, without spaces at their ends and with no more than one empty line in a row."""
        lines: list[str] = []
        for line in "".join(self._pieces).split("\n"):
            stripped = line.rstrip(" ")
            if stripped or (lines and lines[-1]):
                lines.append(stripped)
        return "\n".join(lines).strip("\n")

    def _put(self, core: str) -> None:
        starts_line = self.at_line_start
        self._settle()
        if self._marker:
            # A page that writes its own numbers into an unnumbered list must not get a dash before them.
            if not (self._marker == BULLET and _OWN_MARKER.match(core)):
                self._pieces.append(self._marker)
            self._marker = ""
        elif self._space and not starts_line:
            self._pieces.append(" ")
        self._pieces.append(core)
        self._at_start = self._space = False

    def _settle(self) -> None:
        if self._ends and self._pieces:
            # A line that has just been ended counts as the first of the line ends that are due.
            self._pieces.append("\n" * (self._ends - self._at_start))
        if self._ends:
            self._at_start = True
        self._ends = 0
