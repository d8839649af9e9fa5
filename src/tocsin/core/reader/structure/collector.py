"""Lines collected for one addressee after the other: one line each, or blocks of lines with or without blank lines."""

from tocsin.core.reader.lines import Line
from tocsin.core.reader.structure.addressees import begins_with_honorific, looks_like_addressee, read_addressee
from tocsin.core.reader.structure.channels import has_channel
from tocsin.core.reader.structure.cues import CuedLine
from tocsin.core.reader.structure.draft import Draft
from tocsin.core.reader.structure.wording import Wording

_LONGEST_BLOCK = 14


class AddresseeCollector:
    """Collects lines and reads an addressee whenever the next one begins."""

    def __init__(self, draft: Draft, words: Wording, region: str | None) -> None:
        self.draft, self.words, self.region = draft, words, region
        self.copy = self._is_copy = False
        self._block: list[CuedLine] = []
        self._is_named = self._is_reachable = False

    def take(self, cued: CuedLine) -> None:
        """Take a line of the list."""
        if self._takes_copy(cued) or self._takes_copy_mark(cued):
            return
        if self._block and self._begins_addressee(cued):
            self.close()
        self._add(cued)

    def close(self) -> None:
        """Read the lines collected for one addressee."""
        block, self._block = self._block, []
        self._is_named = self._is_reachable = False
        if not block:
            return
        whole = self._joined(block)
        addressee = read_addressee(whole, self.words, self.region, copy=self.copy or self._is_copy)
        self._is_copy = False
        if not (addressee.channels or addressee.title or addressee.style or self.words.offices.first(whole.flat)):
            return
        self.draft.addressees.append(addressee)
        self.draft.mark(block[0].start, block[-1].end, "addressee", addressee.post or addressee.name or "")
        for channel in addressee.channels:
            if channel.span:
                self.draft.mark(*channel.span, "channel", channel.kind)

    def _add(self, cued: CuedLine) -> None:
        self._block.append(cued)
        self._is_named |= begins_with_honorific(cued.body or cued.line, self.words)
        self._is_reachable |= has_channel(cued.line, self.words)

    def _takes_copy(self, cued: CuedLine) -> bool:
        """From `cc:` on, addressees get a copy."""
        flat = cued.line.flat
        if not flat.startswith(self.words.copy):
            return False
        lead = next((word for word in self.words.copy if flat.startswith(word)), None)
        if lead is None or flat[len(lead) : len(lead) + 1].isalnum():
            return False
        self.close()
        self.copy = True
        colon = flat.find(":", 0, 120)
        end = cued.start + (colon + 1 if colon >= 0 else len(lead))
        self.draft.mark(cued.start, end, "addressee", "copy")
        rest = cued.line.part(end, cued.end)
        if rest.text.strip(" .:"):
            self._add(CuedLine(rest, "plain", body=rest))
        return True

    def _takes_copy_mark(self, cued: CuedLine) -> bool:
        """Take `(copy)` below an addressee, who alone gets one."""
        flat = cued.line.flat.strip()
        if not (self._block and flat.startswith("(") and flat.endswith(")") and flat[1:-1] in self.words.copy):
            return False
        self._is_copy = True
        self.draft.mark(cued.start, cued.end, "addressee", "copy")
        return True

    def _begins_addressee(self, cued: CuedLine) -> bool:
        """Whether a line begins another addressee than the one being collected."""
        line = cued.line
        if cued.cue == "item" or len(self._block) >= _LONGEST_BLOCK:
            return True
        if begins_with_honorific(line, self.words):
            return self._is_named or self._is_reachable
        leads = looks_like_addressee(line, self.words)
        if cued.cue == "channel" and not leads:
            return False
        return self._is_reachable and (leads or line.after_blank or cued.cue == "plain")

    def _joined(self, block: list[CuedLine]) -> Line:
        """Join lines and the line ends between them, so that places stay true."""
        first = block[0].body or block[0].line
        flat, end = first.flat, first.end
        for cued in block[1:]:
            flat += "\n" * (cued.start - end) + cued.line.flat
            end = cued.end
        return Line(first.start, end, self.draft.text[first.start : end], flat)
