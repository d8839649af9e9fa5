"""Everything above the story: title, code, violation line, country, date, and the opening formula."""

import datetime as dt
import re
from collections.abc import Iterator

from tocsin.core.appeal import Opening, Reference, Text, Violation
from tocsin.core.appeal.document import Mode
from tocsin.core.codes import Found, find_all, format_code
from tocsin.core.reader.dates import FoundDate, find_dates
from tocsin.core.reader.lines import Line, squeeze
from tocsin.core.reader.structure.countries import find_countries
from tocsin.core.reader.structure.cues import Cue, CuedLine
from tocsin.core.reader.structure.draft import Draft
from tocsin.core.reader.structure.phrases import Hit
from tocsin.core.reader.structure.wording import Wording

_SLASHES = "/\\|⁄∕／"
_PLACE_NAME = r"[^\W\d_][\w'’.]*(?: (?:(?:de|la|del|of|sur|upon) )*[^\W\d_a-z][\w'’.]*){0,3}"
_PLACES = re.compile(
    rf"{_PLACE_NAME}(?: ?[-–—/,;] ?(?:and |et |y )?{_PLACE_NAME}){{0,7}}(?: (?:and|et|y) {_PLACE_NAME})?"
)
_PLACE_JOINT = re.compile(r" ?[-–—/,;] ?(?:and |et |y )?| (?:and|et|y) ")


def find_codes(line: Line, on: dt.date | None = None) -> list[tuple[Found, Line]]:
    """Find the codes of a line, each with its printed stretch."""
    if not may_hold_code(line):
        return []
    return [
        (found, line.part(line.start + found.span[0], line.start + found.span[1]))
        for found in find_all(line.text[:2_000], on=on)
        if found.completeness != "part"
    ]


def may_hold_code(line: Line) -> bool:
    """Whether a line has the signs of a code; cheap, without reading it."""
    return any(map(str.isdigit, line.text)) and ("obs" in line.flat or any(sign in line.text for sign in _SLASHES))


class HeaderReader:
    """Reads the lines above the story into the draft."""

    def __init__(self, draft: Draft, words: Wording) -> None:
        self.draft, self.words = draft, words
        self.dates: list[tuple[int, dt.date, Line]] = []
        self.plain: list[Line] = []
        self.codes: list[Line] = []
        self.violation_lines: list[Line] = []

    def read(self, lines: list[CuedLine], opening: CuedLine | None) -> None:
        """Read the header.

        Args:
            lines: The lines above the opening or the first heading.
            opening: The line of the opening formula, where there is one.
        """
        body = self._read_opening(opening) if opening else None
        fragments: list[Line] = []
        for cued in lines:
            if cued.cue is Cue.FOLLOW_UP_MARK:
                self.draft.mark(cued.start, cued.end, "kind", "new_information")
            elif cued.cue is Cue.BANNER:
                self._take_banner(cued)
            elif cued.cue is not Cue.STYLE_SHEET:
                fragments.extend(self._fragments(cued.line))
        if body:
            fragments.extend(self._fragments(body))
        for fragment in fragments:
            self._sort(fragment)
        self._choose_date()
        self._choose_title()
        self._read_violations()
        self._leave_countries()

    # --- fragments --------------------------------------------------------------------------------------------------

    def _take_banner(self, cued: CuedLine) -> None:
        """Enter a banner; a title may follow it on the same line (`Press release: …`)."""
        rest = re.search(r": ?(?=\S)", cued.line.text)
        end = cued.start + rest.end() if rest else cued.end
        self.draft.mark(cued.start, end, "kind", cued.value)
        if rest:
            self.plain.append(cued.line.part(end, cued.end))

    def _fragments(self, line: Line) -> Iterator[Line]:
        """Cut a line of the header at its codes, dates and marks; most lines stay whole."""
        if len(line.text) > 1_500:
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
        for found, printed in find_codes(line):
            if self.draft.reference is None:
                self.draft.reference = _reference(found, printed)
                self.codes.append(printed)
            self.draft.mark(printed.start, printed.end, "reference", format_code_or_printed(found))
            cuts.append((printed.start, printed.end))
        if cuts or len(line.text) < 120:
            cuts += self._cut_dates(line, alone=not cuts)
        if cuts:
            cuts += self._cut_marks(line)
        return sorted(cuts)

    def _cut_dates(self, line: Line, *, alone: bool) -> Iterator[tuple[int, int]]:
        """Take the dates of a line that holds nothing else, or that holds the code too."""
        for found in _day_dates(line, self.draft.language):
            date = _iso(found.date)
            start, end = line.start + found.start, line.start + found.end
            before, after = line.part(line.start, start), line.part(end, line.end)
            if date is None or (alone and not self._may_stand_by_date(before, after)):
                continue
            numeric = line.text[found.start : found.end].replace(" ", "")[:2].isdigit() and not re.search(
                r"[^\W\d_]{3}", line.text[found.start : found.end]
            )
            start = self._take_places(before, start) if alone else start
            words_start = line.start if alone and self._is_date_word(before) else start
            self.dates.append((1 if numeric else 0, date, line.part(words_start, end)))
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
        """Take the banner and the follow-up mark out of a header printed on one line."""
        head = squeeze(line.flat[:90])
        for phrases, field in ((self.words.banners, "kind"), (self.words.follow_up_marks, "kind")):
            for phrase in sorted(phrases, key=len, reverse=True):
                if head.startswith(phrase):
                    end = line.start + _unsqueeze(line.flat, len(phrase))
                    self.draft.mark(line.start, end, field, phrase)
                    yield line.start, end
                    head = ""
                    break

    # --- what a fragment is -----------------------------------------------------------------------------------------

    def _sort(self, fragment: Line) -> None:
        if not fragment.text.strip(" -–—/:|.,*_"):
            return
        if self._is_banner(fragment):
            return
        if self._is_country(fragment):
            self.draft.mark(fragment.start, fragment.end, "countries", ", ".join(self.draft.countries))
        elif self._is_violation_line(fragment):
            self.violation_lines.append(fragment)
        else:
            self.plain.append(fragment)

    def _is_banner(self, fragment: Line) -> bool:
        head = squeeze(fragment.flat[:90])
        if head in self.words.banners or head in self.words.follow_up_marks:
            self.draft.mark(fragment.start, fragment.end, "kind", head)
            return True
        return False

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
        match = re.search(
            r" (?:in|en|au|aux|à) (?:the |la |el |l['’])?(?P<name>[^\W\d_a-z][\w '’\-]{2,50})[.,]?$", opening.text
        )
        return {squeeze_spaces(match["name"])} if match else set()

    def _is_violation_line(self, fragment: Line) -> bool:
        parts = _slashed(fragment)
        if fragment.text.endswith((".", ":", "?")) or any(len(part.text) > 110 for part in parts):
            return False
        known = [part for part in parts if self._covered(part) >= 0.5]
        if len(parts) > 1 or fragment.text.rstrip().endswith("/"):
            return bool(known) and not _is_titled(fragment, parts, known)
        return bool(known) and self._covered(parts[0]) >= 0.6 and len(fragment.text.split()) <= 9

    def _covered(self, part: Line) -> float:
        """Give the share of the words of a part that phrases of the lexicon explain."""
        hits = [*self.words.violations.find(part.flat), *self.words.modes.find(part.flat)]
        letters = len(part.flat.replace(" ", "")) or 1
        covered = {at for hit in hits for at in range(hit.start, hit.end)}
        return sum(part.flat[at] != " " for at in covered) / letters

    # --- choices ----------------------------------------------------------------------------------------------------

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
        if flat.strip(" .>|») ") in self.words.navigation or len(line.text) > 400:
            return -1
        score = 2 if len(line.text) >= 25 else 0
        score += 2 if re.match(r"[^\W\d_][\w '’()/,\-]{2,60} ?: ?\S", line.text) else 0
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

    # --- violations -------------------------------------------------------------------------------------------------

    def _read_violations(self) -> None:
        lines = self.violation_lines or self._violations_of_title()
        if self.violation_lines:
            lines = sorted([*lines, *self._unknown_between()], key=lambda line: line.start)
        for line in lines:
            for part in _slashed(line):
                self._take_violation(part)

    def _violations_of_title(self) -> list[Line]:
        """A title may be nothing but the violations, or the country and the violations."""
        title = self.draft.title
        if title is None or title.span is None or "/" not in title.text:
            return []
        line = Line(title.span[0], title.span[1], title.text, _flat_of(title.text))
        colon = line.flat.find(":")
        rest = line.part(line.start + colon + 1, line.end)
        parts = _slashed(rest)
        return [rest] if all(self._covered(part) >= 0.5 for part in parts) else []

    def _unknown_between(self) -> Iterator[Line]:
        """Short lines among or right after the violation lines are violations in words that the lexicon lacks."""
        first, last = self.violation_lines[0], self.violation_lines[-1]
        after_code = [code for code in self.codes if code.end < first.start]
        for line in list(self.plain):
            is_between = first.start < line.start < last.end
            follows_code = any(code.end < line.start < first.start for code in after_code)
            follows = 0 < line.start - last.end <= 2 and len(line.text.split()) <= 6
            if len(line.text) <= 70 and not line.text.endswith((".", ":")) and (is_between or follows_code or follows):
                if line.flat.strip() in self.words.navigation:
                    continue
                self.plain.remove(line)
                yield line

    def _take_violation(self, part: Line) -> None:
        part = self._without_country(part)
        if not part.text or self._is_country(part):
            self.draft.mark(part.start, part.end, "countries")
            return
        self.draft.mark(part.start, part.end, "violations")
        hits = self.words.violations.find(part.flat)
        mode = self._mode(part.flat)
        entries = _entries(part, hits)
        for number, (stretch, code) in enumerate(entries):
            own = mode if number == 0 or mode == "risk" else "occurred"
            if code == "attempted_killing":
                own = "occurred"
            span = (stretch.start, stretch.end)
            self.draft.violations.append(Violation(code, stretch.text, own, span))
            self.draft.mark(*span, "violations", code or "")

    def _mode(self, flat: str) -> Mode:
        hit = self.words.modes.first(flat)
        values: dict[str, Mode] = {"risk": "risk", "attempted": "attempted", "ongoing": "ongoing"}
        return values[hit.value] if hit and hit.start <= 12 else "occurred"

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

    # --- opening ----------------------------------------------------------------------------------------------------

    def _read_opening(self, cued: CuedLine) -> Line | None:
        """Read the opening formula; give what stands before it on the same line."""
        line, before = cued.line, None
        hit = self.words.opening.first(line.flat)
        start = self._subject_start(line, hit.start if hit else len(line.flat))
        if start > 3:
            before = line.part(line.start, line.start + start)
            line = line.part(line.start + start, line.end)
            hit = self.words.opening.first(line.flat)
        self.draft.opening = Opening(line.text, cued.value == "urgent", (line.start, line.end))
        self.draft.mark(line.start, line.end, "opening", cued.value)
        self.draft.publishers = tuple(self._publishers(line, hit.start if hit else 0))
        return before

    def _subject_start(self, line: Line, verb: int) -> int:
        """Find where the sentence begins: a header on one line runs into it."""
        if not may_hold_code(line.part(line.start, line.start + verb)) and not _day_dates(
            line.part(line.start, line.start + verb), None
        ):
            return 0
        places = [line.flat.rfind(subject, 0, verb) for subject in self.words.publisher_subjects[:]]
        firsts = [line.flat.find(subject + " ", 0, verb) for subject in self.words.publisher_subjects]
        starts = [place for place in firsts if place >= 0] or [place for place in places if place >= 0]
        return min(starts, default=0)

    def _publishers(self, line: Line, verb: int) -> Iterator[str]:
        """Name the organisations of `The X, a partnership of the Y and Z, requests …`."""
        subject = line.text[:verb]
        comma = subject.find(", ")
        head = subject if comma < 0 else subject[:comma]
        head_names = _names(_until_verb(head)) if comma < 0 else [head]
        yield from (name for name in map(_without_article, head_names) if name)
        if comma < 0:
            return
        apposition = line.part(line.start + comma + 2, line.start + verb)
        yield from self._partners(apposition)

    def _partners(self, apposition: Line) -> Iterator[str]:
        hit = self.words.partnership.first(apposition.flat)
        if hit is None:
            return
        text = apposition.text[hit.end :] if hit.value == "before" else apposition.text[: hit.start]
        text = re.sub(r"^(?:an?|une?|una) ", "", text.split(",", 1)[0] if hit.value == "after" else text.strip())
        text = re.split(r", (?:has|have|a|ont|ha|han|vous|le|les|solicita|requests)\b", text)[0]
        for name in _names(text.strip(" ,")):
            bare = _without_article(name)
            if bare and bare[0].isupper():
                yield bare


# --- small readings ---------------------------------------------------------------------------------------------------


def dateline_places(before: Line, words: Wording) -> tuple[str, ...] | None:
    """Read the places before the date of a dateline: `Paris-Geneva, `, `Genève, le `, `Bangkok – Dhaka, `."""
    text = re.sub(r"[\s,.:;\-–—]*(?:\b(?:le|el|on|a|the|, )\s*)?$", "", before.text)
    if not text or len(text) > 100 or not _PLACES.fullmatch(text):
        return None
    places = tuple(place for place in _PLACE_JOINT.split(text) if place)
    if not all(place[0].isupper() for place in places) or words.violations.first(_flat_of(text)):
        return None
    return places if squeeze(_flat_of(text)) not in words.headings else None


def format_code_or_printed(found: Found) -> str:
    """Give the canonical code, or the printed one where parts of it are missing."""
    return format_code(found.code) if found.completeness == "complete" and found.code.month else found.as_printed


def read_date(line: Line, language: str | None) -> tuple[dt.date, int, int] | None:
    """Find the one full date of a short line: the date and its place in the page."""
    for found in _day_dates(line, language):
        date = _iso(found.date)
        if date:
            return date, line.start + found.start, line.start + found.end
    return None


def _day_dates(line: Line, language: str | None) -> list[FoundDate]:
    if not any(map(str.isdigit, line.text)):
        return []
    return [found for found in find_dates(line.text, language) if found.precision == "day"]


def _iso(printed: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(printed)
    except ValueError:
        return None


def _reference(found: Found, printed: Line) -> Reference:
    code = found.code
    return Reference(
        as_printed=printed.text,
        canonical=format_code_or_printed(found),
        country=code.country,
        country_number=code.country_number,
        month=code.month,
        year=code.year,
        series=code.series,
        number=code.number,
        follow_up=code.follow_up,
        oddities=found.oddities,
        span=(printed.start, printed.end),
    )


def reread_reference(draft: Draft) -> None:
    """Read the code again in the light of the date of issue: `0106` is June 2001 or January 2006."""
    reference, date = draft.reference, draft.issued_on
    if reference is None or reference.span is None or date is None or reference.year == date.year:
        return
    start, end = reference.span
    text = draft.text[start:end]
    for found, printed in find_codes(Line(start, end, text, _flat_of(text)), date):
        draft.reference = _reference(found, printed)
        return


def _flat_of(text: str) -> str:
    from tocsin.core.reader.lines import flatten

    return flatten(text)


def squeeze_spaces(text: str) -> str:
    """Give the flattened text without white space at the ends."""
    return _flat_of(text).strip()


def _unsqueeze(flat: str, length: int) -> int:
    """Give the place in flattened text after which `length` letters and digits have passed."""
    for at, character in enumerate(flat):
        length -= character.isalnum()
        if length == 0:
            return at + 1
    return len(flat)


def _slashed(line: Line) -> list[Line]:
    """Cut a violation line at its slashes; empty parts fall away."""
    parts, position = [], line.start
    for piece in re.split(r"[/⁄∕／|•]", line.text):
        part = line.part(position, position + len(piece))
        part = part.part(part.start, part.start + len(part.text.rstrip(" .,;")))
        if part.text.strip(" -–—."):
            parts.append(part)
        position += len(piece) + 1
    return parts or [line]


def _is_titled(fragment: Line, parts: list[Line], known: list[Line]) -> bool:
    """A title may hold a slash too: it has a country before a colon, or mostly other words."""
    return ":" in fragment.text or len(known) * 2 < len(parts)


def _entries(part: Line, hits: list[Hit]) -> list[tuple[Line, str | None]]:
    """Give the entries of one part: two where `and` joins two whole violations, else one."""
    if not hits:
        return [(part, None)]
    if len(hits) == 2:
        between = part.flat[hits[0].end : hits[1].start].strip(" ,")
        tail = part.flat[hits[1].end :].strip()
        if between in {"and", "et", "y", "e", "&"} and not tail and hits[0].value != hits[1].value:
            cut = part.start + hits[1].start
            first = part.part(part.start, part.start + hits[0].end)
            return [(first, hits[0].value), (part.part(cut, part.end), hits[1].value)]
    longest = max(hits, key=lambda hit: hit.end - hit.start)
    return [(part, hits[0].value if hits[0].start <= 2 else longest.value)]


def _without_joint(line: Line) -> Line:
    """Take the dash that led to the code off the end of a title."""
    end = line.end
    while end > line.start and line.text[end - line.start - 1] in " -–—/|":
        end -= 1
    return line.part(line.start, end)


_ARTICLE = re.compile(r"(?:the |l['’]|la |le |les |el |los |las |de l['’]|de la |du |del |de |entre )+", re.IGNORECASE)
_NAME_JOINT = re.compile(r", (?:and |et |y )?| and | et | y | & ")


def _without_article(name: str) -> str:
    return (
        _ARTICLE.sub("", name.strip(" ,."), count=1).strip() if _ARTICLE.match(name.strip(" ,.")) else name.strip(" ,.")
    )


def _until_verb(subject: str) -> str:
    """Cut `has received new information and` off the subject."""
    return re.split(
        r" (?:has|have|a reçu|ont reçu|ha recibido|han recibido|vous|le|les|is|are|once|strongly|urgently)\b", subject
    )[0]


def _names(text: str) -> list[str]:
    """Part `the Y (YY) and Z`; an `and` inside a name stays, where a small letter follows."""
    names: list[str] = []
    for piece in _NAME_JOINT.split(text):
        bare = _without_article(piece)
        if names and bare and not bare[0].isupper():
            names[-1] += text[text.find(piece) - 5 : text.find(piece)] + piece
        elif bare:
            names.append(bare)
    return names
