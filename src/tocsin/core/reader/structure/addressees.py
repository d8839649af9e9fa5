"""The people in office to whom readers are asked to write, in every printed layout.

One addressee is a stretch of one or several lines: style and name, office, place, channels. What is not a channel is
cut at commas and line ends, and each piece says by its own words whether it is a name, an office or a postal address.
"""

import re
from dataclasses import dataclass, field

from tocsin.core.appeal import Addressee, Channel
from tocsin.core.reader.lines import Line
from tocsin.core.reader.structure.channels import FoundChannel, find_channels
from tocsin.core.reader.structure.phrases import Hit
from tocsin.core.reader.structure.wording import Wording

_NAME_WORD = r"(?:[^\W\d_a-zß-ÿ][\w’'.\-]*|al-[\w’']+|el-[\w’']+)"
_PARTICLE = (
    r"(?:de la|de los|de las|del|de|da|dos|do|van der|van|von|bin|ben|ibn|bint|al|el"
    r"|ould|uld|mint|ag|y|e|i|di|le|la)"
)
_NAME = re.compile(rf"{_NAME_WORD}(?: (?:{_PARTICLE} )?{_NAME_WORD}){{0,6}}")
_PIECE = re.compile(r"[^,;:\n]+")
# The end of a sentence; what is shorter may be an abbreviation ("Gen.").
_FULL_STOP = re.compile(r"(?<=\w{5})\.$")
_LOCATION = re.compile(r"(?:^| )(?:in|at|à|en|a|au|aux) (?P<place>[^\W\d_a-z][\w'’\-]*(?: [^\W\d_a-z][\w'’\-]*){0,3})$")
_PLACE = re.compile(r"[^\W\d_a-z][\w'’\-]*(?: (?:(?:of|de|du|del|la|les|and) )?[^\W\d_a-z][\w'’\-]*){0,4}")
_INNER_WORD = re.compile(r"(?<= )[^\W\d_a-z]")
_LOCATIVES = frozenset("in at à en a au aux".split())
_MIDDLE_DASH = re.compile(r" [-–—] ")


@dataclass(slots=True)
class _Parts:
    """What has been understood of an addressee so far."""

    style: str | None = None
    title: str | None = None
    name: Line | None = None
    posts: list[Line] = field(default_factory=list)
    place: list[Line] = field(default_factory=list)
    postal: list[Line] = field(default_factory=list)


def read_addressee(block: Line, words: Wording, region: str | None, *, copy: bool = False) -> Addressee:
    """Read one addressee.

    Args:
        block: The printed stretch without its bullet; it may hold several lines.
        words: The fixed words.
        region: ISO 3166-1 alpha-2 code for numbers without a country code.
        copy: Only a copy is asked for.
    """
    found = find_channels(block, words, region) if len(block.text) < 4_000 else []
    salutation = next((one.channel.display for one in found if one.channel.kind == "salutation"), None)
    parts = _Parts()
    for piece in _pieces(block, found):
        _sort_piece(piece, parts, words)
    post, location = _post_and_place(parts, block)
    channels = [one.channel for one in found if one.channel.kind != "salutation"]
    channels[:0] = _postal_channel(parts.postal, block)
    return Addressee(
        as_printed=block.text,
        style=parts.style,
        title=parts.title,
        name=parts.name.text if parts.name else None,
        post=post,
        channels=tuple(sorted(channels, key=lambda channel: channel.span or (0, 0))),
        location=location,
        salutation=salutation,
        copy=copy,
        span=(block.start, block.end),
    )


def looks_like_addressee(line: Line, words: Wording) -> bool:
    """Whether a line begins with a style, a title or a rank, or with the name of an office."""
    return begins_with_honorific(line, words) or words.offices.at(line.flat) is not None


def begins_with_honorific(line: Line, words: Wording) -> bool:
    """Whether a line begins with a style, a title or a rank."""
    return line.text[:1].isupper() and words.honorifics.at(line.flat, 0) is not None


def _pieces(block: Line, found: list[FoundChannel]) -> list[Line]:
    """Cut what is not a channel at commas and line ends."""
    pieces: list[Line] = []
    position = block.start
    for start, end in [*((one.start, one.end) for one in found), (block.end, block.end)]:
        if start > position:
            gap = block.part(position, start)
            pieces += [gap.part(gap.start + cut.start(), gap.start + cut.end()) for cut in _PIECE.finditer(gap.text)]
        position = max(position, end)
    return [trimmed for piece in pieces if any(map(str.isalnum, (trimmed := _trim(piece)).text))]


def _trim(piece: Line) -> Line:
    """Take bullets, dashes and brackets off the ends of a piece."""
    start, end = piece.start, piece.end
    while start < end and piece.text[start - piece.start] in " -–—•·*()[]:/|":
        start += 1
    while end > start and piece.text[end - piece.start - 1] in " -–—•·*([:/|":
        end -= 1
    return piece.part(start, end)


def _sort_piece(piece: Line, parts: _Parts, words: Wording) -> None:
    """Put a piece where it belongs; lines that were left out of the block (`(copy)`) are blank in its flat text."""
    if piece.flat.isspace():
        return
    rest = _take_honorifics(piece, parts, words)
    if rest is not piece and rest.text:
        _name_and_post(rest, parts, words, words.offices.first(rest.flat))
    elif not rest.text:
        return
    elif (office := words.offices.first(piece.flat)) and not _is_postal(piece, words):
        _office_first(piece, parts, words, office)
    elif _is_postal(piece, words):
        parts.postal.append(piece)
    elif parts.name is None and _NAME.fullmatch(piece.text) and (" " in piece.text or not parts.posts):
        parts.name = piece
    elif _PLACE.fullmatch(piece.text) and not parts.postal:
        parts.place.append(piece)
    elif parts.postal:
        parts.postal.append(piece)
    else:
        parts.posts.append(piece)


def _take_honorifics(piece: Line, parts: _Parts, words: Wording) -> Line:
    """Take style, title and rank off the front: `H.E. Ms.`, `General de División`, `Excmo. Sr. Dr.`."""
    start = 0
    if parts.name is not None and (parts.title or parts.style):
        return piece
    if parts.name is not None and words.honorifics.at(piece.flat, 0):
        # What looked like a name was an institution: the person comes now.
        parts.posts.append(parts.name)
        parts.name = None
    if parts.posts and words.honorifics.at(piece.flat, 0):
        # "Sr. Director General, General X. Y.": the first title was that of the office.
        parts.title = None
    while honorific := words.honorifics.at(piece.flat, start):
        end, kind = start + len(honorific[0]), honorific[1]
        follows = piece.text[end:].lstrip()
        # "General Prosecutor" and "Commissioner for Human Rights" are offices, "General X. Y." is a rank and a name.
        if kind == "rank" and (not follows or words.offices.at(piece.flat, len(piece.flat) - len(follows))):
            break
        office = words.offices.at(piece.flat, start)
        if kind == "rank" and office is not None and office.end > end:
            break  # "Inspector General of Police"
        if kind == "rank" and not follows[:1].isupper():
            break
        printed = piece.text[start:end]
        if kind == "style":
            parts.style = f"{parts.style} {printed}" if parts.style else printed
        else:
            parts.title = _longer(parts.title, printed, piece.text)
        start = len(piece.flat) - len(follows)
    return piece.part(piece.start + start, piece.end) if start else piece


def _longer(title: str | None, printed: str, text: str) -> str:
    """Keep two titles in a row as they are printed."""
    if title is None:
        return printed
    both = f"{title} {printed}"
    return both if both in text else title


def _name_and_post(piece: Line, parts: _Parts, words: Wording, office: Hit | None) -> None:
    """Part `Name - Office`, `Name Office` and `Office Name`; without an office the whole is a name."""
    dash = _MIDDLE_DASH.search(piece.text) if parts.name is None else None
    if dash:
        before = piece.part(piece.start, piece.start + dash.start())
        _name_and_post(before, parts, words, words.offices.first(before.flat))
        parts.posts.append(piece.part(piece.start + dash.end(), piece.end))
        return
    if office is None:
        if parts.name is None:
            parts.name = piece
        else:
            parts.posts.append(piece)
    elif office.start == 0 or parts.name is not None:
        parts.posts.append(piece)
    elif (name := _NAME.fullmatch(piece.text[: office.start].rstrip())) and " " in name[0]:
        parts.name = piece.part(piece.start, piece.start + name.end())
        parts.posts.append(piece.part(piece.start + office.start, piece.end))
    else:
        parts.posts.append(piece)


def _office_first(piece: Line, parts: _Parts, words: Wording, found: Hit) -> None:
    """Part `Ambassador Mr. X. Y.`: an office, and the person after it without a comma."""
    for word in _INNER_WORD.finditer(piece.text) if parts.name is None else ():
        honorific = words.honorifics.at(piece.flat, word.start())
        follows = piece.text[word.start() + len(honorific[0]) :].lstrip() if honorific else ""
        if honorific and honorific[1] == "title" and follows[:1].isupper():
            parts.posts.append(piece.part(piece.start, piece.start + word.start()))
            _sort_piece(piece.part(piece.start + word.start(), piece.end), parts, words)
            return
    office = words.offices.at(piece.flat) if parts.name is None and parts.title is None else None
    if office is not None and office.value == "titled":
        name = piece.part(piece.start + office.end + 1, piece.end)
        if _NAME.fullmatch(name.text) and " " in name.text and words.offices.first(name.flat) is None:
            parts.title, parts.name = piece.text[: office.end], name
            return
    _name_and_post(piece, parts, words, found)


def _is_postal(piece: Line, words: Wording) -> bool:
    if piece.has_digit:
        return True
    hit = words.postal.first(piece.flat)
    return hit is not None and (hit.end == len(piece.flat) or words.offices.at(piece.flat) is None)


def _post_and_place(parts: _Parts, block: Line) -> tuple[str | None, str | None]:
    """Give the office as one printed stretch, and the place at its end apart."""
    if not parts.posts:
        place = _stretch(block, parts.place)
        return None, place.text if place else None
    after = [piece for piece in parts.place if piece.start > parts.posts[-1].start]
    last = parts.posts[-1]
    words = last.text.split(" ")
    located = None if _LOCATIVES.isdisjoint(words) else _LOCATION.search(last.text)
    if located and (after or located.start("place") > 3):
        place_start = last.start + located.start("place")
        place = block.part(place_start, after[-1].end if after else last.end)
        office = last.part(last.start, last.start + located.start())
        pieces = [*parts.posts[:-1], *([office] if office.text else [])]
    else:
        place, pieces = _stretch(block, after), parts.posts
    return _post(parts, pieces, block), place.text if place else None


def _post(parts: _Parts, pieces: list[Line], block: Line) -> str | None:
    """Give the office as printed; where the name stands inside it, the person's own post comes first."""
    if parts.name is None:
        runs = [pieces]
    else:
        runs = [[p for p in pieces if p.start > parts.name.start], [p for p in pieces if p.start < parts.name.start]]
    stretches = [_FULL_STOP.sub("", stretch.text) for run in runs if (stretch := _stretch(block, run))]
    return ", ".join(stretches) or None


def _stretch(block: Line, pieces: list[Line]) -> Line | None:
    """Give the printed stretch from the first piece to the last."""
    return block.part(pieces[0].start, pieces[-1].end) if pieces else None


def _postal_channel(postal: list[Line], block: Line) -> list[Channel]:
    stretch = _stretch(block, postal)
    if stretch is None:
        return []
    address = _FULL_STOP.sub("", " ".join(stretch.text.split()))
    return [Channel("post", address, stretch.text, (stretch.start, stretch.end))]
