"""Everything above the story: title, code, violation line, country, date.

Most headers have one thing a line; some have all on one line. Each line is cut into fragments at what is sure (codes,
dates, marks); each fragment that is left is a country, violations, or the title.
"""

import datetime as dt
import re
from collections.abc import Iterator

from tocsin.core.appeal import Text
from tocsin.core.reader.lines import Line, flatten, squeeze
from tocsin.core.reader.structure.countries import find_countries
from tocsin.core.reader.structure.cues import CuedLine
from tocsin.core.reader.structure.dateline import (
    author_of,
    dateline_places,
    day_dates,
    is_byline,
    may_hold_date,
    to_date,
)
from tocsin.core.reader.structure.draft import Draft
from tocsin.core.reader.structure.opening import read_opening
from tocsin.core.reader.structure.reference import canonical, find_codes, make_reference
from tocsin.core.reader.structure.violations import cut_at_slashes, is_violation_line, read_violations, share_known
from tocsin.core.reader.structure.wording import Wording

_FILLER = " -–—/:|.,*_"
_LONGEST_CUT = 1_500
_SHORTEST_LEAD = 170  # a paragraph above the header, no title
_COLON = re.compile(r": ?(?=\S)")
_COUNTRY_FIRST = re.compile(r"[^\W\d_][\w '’()/,\-]{2,60} ?: ?\S")
_COUNTRY_LAST = re.compile(r" (?:in|en|au|aux|à) (?:the |la |el |l['’])?(?P<name>[^\W\d_a-z][\w '’\-]{2,50})[.,]?$")
_COUNTRY_REACH = 64  # as long as a match may be, which stands at the end
_DATE_LABEL = re.compile(r"(?<= )(?:date|fecha) ?: ?$")  # "Index: ABC 12/034/2021 Zarvania Date: 5 May 2021"
_INDEX = re.compile(r"(?:ai )?index\b.{0,12}\d")  # "Index AI : ABC 12/3456/2021" is no title
_FIGURES = re.compile(r"[\d\s./\-]+")


class HeaderReader:
    """Reads the lines above the story into the draft."""

    def __init__(self, draft: Draft, words: Wording) -> None:
        self.draft, self.words = draft, words
        self.dates: list[tuple[int, dt.date, Line]] = []
        self.plain: list[Line] = []
        self.leads: list[Line] = []
        self.codes: list[Line] = []
        self.violation_lines: list[Line] = []

    def read(self, lines: list[CuedLine], opening: CuedLine | None) -> None:
        """Read the header.

        Args:
            lines: The lines above the opening or the first heading.
            opening: The line of the opening formula, where there is one.
        """
        body = read_opening(self.draft, opening, self.words) if opening else None
        fragments: list[Line] = []
        for cued in lines:
            if cued.cue == "follow_up_mark" and not (cued.body and find_codes(cued.line, self.words.scheme)):
                self.draft.mark(cued.start, cued.end, "kind", "new_information")
                self._take_last_date(cued.body)
            elif cued.cue == "banner" and not find_codes(cued.line, self.words.scheme):
                self._take_banner(cued)
            elif cued.cue != "style_sheet":
                fragments.extend(self._fragments(cued.line))
        if body:
            fragments.extend(self._fragments(body))
        for fragment in fragments:
            self._sort(fragment)
        self._choose_date()
        self._choose_title()
        self._read_violations()
        self._leave_countries()

    def _take_last_date(self, line: Line | None) -> None:
        """Take the date at the end of `Further information on UA 117/09 (5 May 2009)   9 July 2009`."""
        found = day_dates(line, self.draft.language)[-1:] if line and may_hold_date(line) else []
        for last in found:
            date = to_date(last.date)
            if date is not None and line is not None and not line.text[last.end :].strip(_FILLER):
                self.dates.append((0, date, line))

    def _take_banner(self, cued: CuedLine) -> None:
        """Enter a banner; a title may follow it on the same line (`Press release: …`)."""
        rest = _COLON.search(cued.line.text)
        if rest and squeeze(cued.line.flat[rest.end() :]) in self.words.follow_up_marks:
            self.draft.mark(cued.start, cued.end, "kind", "new_information")
            return
        if not rest and cued.line.head.startswith(self.words.letter_leads):
            self.plain.append(cued.line)  # "Open letter to the President of Zarvania" is its title, too
            return
        end = cued.start + rest.end() if rest else cued.end
        self.draft.mark(cued.start, end, "kind", cued.value)
        if rest:
            self.plain.append(cued.line.part(end, cued.end))

    def _fragments(self, line: Line) -> Iterator[Line]:
        """Cut a line of the header at its codes, dates and marks; most lines stay whole."""
        if len(line.text) > _LONGEST_CUT:
            yield line
            return
        cuts = self._cuts(line)
        position = line.start
        for start, end in cuts:
            if start < position:
                continue
            yield line.part(position, start)
            position = end
        yield line.part(position, line.end)

    def _cuts(self, line: Line) -> list[tuple[int, int]]:
        cuts: list[tuple[int, int]] = []
        for found, printed in find_codes(line, self.words.scheme):
            if self.draft.reference is None:
                self.draft.reference = make_reference(found, printed)
                self.codes.append(printed)
            self.draft.mark(printed.start, printed.end, "reference", canonical(found))
            cuts.append((printed.start, printed.end))
        if cuts or len(line.text) < 120:
            cuts += self._cut_dates(line, alone=not cuts)
        if cuts:
            cuts += self._cut_marks(line)
        return sorted(cuts)

    def _cut_dates(self, line: Line, *, alone: bool) -> Iterator[tuple[int, int]]:
        """Take the dates of a line that holds nothing else, or that holds the code too."""
        for found in day_dates(line, self.draft.language) if may_hold_date(line) else ():
            date = to_date(found.date)
            start, end = line.start + found.start, line.start + found.end
            before, after = line.part(line.start, start), line.part(end, line.end)
            if date is None:
                continue
            in_figures = _FIGURES.fullmatch(line.text, found.start, found.end) is not None
            if alone and is_byline(line, start, end, self.words):
                self.dates.append((int(in_figures), date, line))
                self.draft.author = author_of(after.text, self.words) or author_of(before.text, self.words)
                yield line.start, line.end
                continue
            label = _DATE_LABEL.search(before.flat) if alone else None
            if label is not None and label.start() > 0:
                self.dates.append((int(in_figures), date, line.part(start, end)))
                yield line.start + label.start(), end
                continue
            if alone and not self._may_stand_by_date(before, after):
                continue
            start = self._take_places(before, start) if alone else start
            words_start = line.start if alone and self._is_date_word(before) else start
            self.dates.append((int(in_figures), date, line.part(words_start, end)))
            yield words_start, end

    def _may_stand_by_date(self, before: Line, after: Line) -> bool:
        lead = before.text.rstrip(" ,:-–—")
        is_lead = not lead or self._is_date_word(before) or dateline_places(before, self.words) is not None
        return is_lead and len(after.text) < 25

    def _is_date_word(self, before: Line) -> bool:
        return before.flat.strip(" ,:.") in self.words.date_words

    def _take_places(self, before: Line, start: int) -> int:
        if self._is_date_word(before):
            return start
        places = dateline_places(before, self.words)
        if places:
            self.draft.issued_at = places
            self.draft.mark(before.start, before.end, "issued_at", ", ".join(places))
            return before.start
        return start

    def _cut_marks(self, line: Line) -> Iterator[tuple[int, int]]:
        """Take the banner or the follow-up mark out of a header printed on one line."""
        head = squeeze(line.flat[:90])
        for phrases in (self.words.banners, self.words.follow_up_marks):
            if head.startswith(tuple(phrases)):
                phrase = max((phrase for phrase in phrases if head.startswith(phrase)), key=len)
                end = line.start + _unsqueeze(line.flat, len(phrase))
                self.draft.mark(line.start, end, "kind", self._kind_of(phrase))
                yield line.start, end
                return

    def _sort(self, fragment: Line) -> None:
        if not fragment.text.strip(_FILLER):
            return
        if self._is_banner(fragment):
            return
        if self._is_country(fragment):
            self.draft.mark(fragment.start, fragment.end, "countries", ", ".join(self.draft.countries))
        elif is_violation_line(fragment, self.words):
            self.violation_lines.append(fragment)
        elif self.draft.opening and len(fragment.text) > _SHORTEST_LEAD and fragment.text.endswith("."):
            self.leads.append(fragment)
        else:
            self.plain.append(fragment)

    def _is_banner(self, fragment: Line) -> bool:
        head = squeeze(fragment.flat[:90])
        if head in self.words.banners or head in self.words.follow_up_marks:
            self.draft.mark(fragment.start, fragment.end, "kind", self._kind_of(head))
            return True
        return False

    def _kind_of(self, phrase: str) -> str:
        return "new_information" if phrase in self.words.follow_up_marks else self.words.banners[phrase]

    def _is_country(self, fragment: Line) -> bool:
        if len(fragment.text) > 80:
            return False
        printed = fragment.text.strip(" .,:*()[]/-–—")
        codes = find_countries(printed, self.draft.language)
        if codes:
            self.draft.countries += codes
            return True
        return bool(printed) and fragment.flat.strip(" .,:*()[]/") in self._names_of_country()

    def _names_of_country(self) -> set[str]:
        """Give the names that the opening gives the country: an invented or disputed one is in no list."""
        opening = self.draft.opening
        if opening is None:
            return set()
        match = _COUNTRY_LAST.search(opening.text, max(0, len(opening.text) - _COUNTRY_REACH))
        return {flatten(match["name"]).strip()} if match else set()

    def _choose_date(self) -> None:
        """Prefer the date in words: the date of a web page is printed in figures, and may be a day off."""
        for _, date, printed in sorted(self.dates, key=lambda entry: entry[0]):
            if self.draft.issued_on is None:
                self.draft.issued_on = date
            self.draft.mark(printed.start, printed.end, "issued_on", date.isoformat())

    def _choose_title(self) -> None:
        scored = [(self._title_score(line), line) for line in self.plain]
        best = max((score for score, _ in scored), default=0)
        if best < 2:
            return
        title = _without_joint(next(line for score, line in scored if score == best))
        self.draft.title = Text(title.text, (title.start, title.end))
        for line in self.plain:
            if line.text == title.text or line is title or line.start == title.start:
                self.draft.mark(line.start, line.end, "title")
        self.plain = [line for line in self.plain if line.text != title.text and line.start != title.start]

    def _title_score(self, line: Line) -> int:
        """Say how much a line looks like a title: long enough, with a country before a colon, naming what happened."""
        flat = line.flat
        if flat.strip(" .>|»)") in self.words.navigation or len(line.text) > 400 or _INDEX.match(flat):
            return -1
        score = 2 if len(line.text) >= 25 else 0
        score += 2 if _COUNTRY_FIRST.match(line.text) else 0
        score += 1 if self.words.violations.first(flat) else 0
        near = [*self.codes, *(printed for _, _, printed in self.dates)]
        score += (
            1 if any(-3 <= line.end - other.start <= 0 or 0 <= other.start - line.end <= 4 for other in near) else 0
        )
        score -= 3 if " > " in line.text or " » " in line.text or " | " in line.text else 0
        return score - (3 if self._is_navigation(flat) else 0)

    def _is_navigation(self, flat: str) -> bool:
        entries = [entry.strip(" >|»•*·") for entry in re.split(r" [|>»•·] |, ", flat)]
        return sum(entry in self.words.navigation for entry in entries) * 2 >= len(entries)

    def _read_violations(self) -> None:
        lines = self.violation_lines or self._violations_of_title()
        if self.violation_lines:
            lines = sorted([*lines, *self._unknown_between()], key=lambda line: line.start)
        for line in lines:
            for part in cut_at_slashes(line):
                self._take_violation(part)

    def _violations_of_title(self) -> list[Line]:
        """A title may be nothing but the violations, or the country and the violations."""
        title = self.draft.title
        if title is None or title.span is None or "/" not in title.text:
            return []
        line = Line(title.span[0], title.span[1], title.text, flatten(title.text))
        colon = line.flat.find(":")
        rest = line.part(line.start + colon + 1, line.end)
        parts = cut_at_slashes(rest)
        return [rest] if all(share_known(part, self.words) >= 0.5 for part in parts) else []

    def _unknown_between(self) -> Iterator[Line]:
        """Short lines among or right after the violation lines are violations in words that the lexicon lacks."""
        first, last = self.violation_lines[0], self.violation_lines[-1]
        after_code = [code for code in self.codes if code.end < first.start]
        for line in list(self.plain):
            is_between = first.start < line.start < last.end
            follows_code = any(code.end < line.start < first.start for code in after_code)
            follows = 0 < line.start - last.end <= 2 and len(line.text.split()) <= 6
            if (
                len(line.text) <= 70
                and not (line.text.endswith((".", ":")) or line.has_digit)
                and (is_between or follows_code or follows)
            ):
                if line.flat.strip() in self.words.navigation:
                    continue
                self.plain.remove(line)
                yield line

    def _without_country(self, part: Line) -> Line:
        """Part the name of the country that ran together with the last violation."""
        for name in self._names_of_country():
            if part.flat.endswith(" " + name):
                cut = part.end - len(name)
                self.draft.mark(cut, part.end, "countries")
                return part.part(part.start, cut)
        return part

    def _leave_countries(self) -> None:
        """Give the countries: those printed, those of the title, that of the code."""
        draft = self.draft
        if draft.title and ":" in draft.title.text:
            draft.countries += find_countries(draft.title.text.split(":", 1)[0], draft.language)
        if not draft.countries:
            for name in self._names_of_country():
                draft.countries += find_countries(name, draft.language)
        if draft.reference and draft.reference.country and draft.reference.country not in draft.countries:
            draft.countries.insert(0, draft.reference.country)

    def _take_violation(self, part: Line) -> None:
        part = self._without_country(part)
        if not part.text or self._is_country(part):
            self.draft.mark(part.start, part.end, "countries")
            return
        self.draft.mark(part.start, part.end, "violations")
        for violation in read_violations(part, self.words):
            self.draft.violations.append(violation)
            if violation.span:
                self.draft.mark(*violation.span, "violations", violation.code or "")


def _unsqueeze(flat: str, length: int) -> int:
    """Give the place in flattened text after which `length` letters and digits have passed."""
    for at, character in enumerate(flat):
        length -= character.isalnum()
        if length == 0:
            return at + 1
    return len(flat)


def _without_joint(line: Line) -> Line:
    """Take the dash that led to the code off the end of a title."""
    end = line.end
    while end > line.start and line.text[end - line.start - 1] in " -–—/|":
        end -= 1
    return line.part(line.start, end)
