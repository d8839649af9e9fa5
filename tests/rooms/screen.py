"""A person before a page: she follows links, fills fields and presses buttons by the words that stand on it.

So a story of the tests is written in the words of the screen. Nothing is sent that the page does not offer, with the
token of its form, and whatever is not there, or is there twice, ends the story.
"""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urljoin

from django.http import HttpResponse
from django.test import Client
from lxml.html import (
    FormElement,
    HtmlElement,
    InputElement,
    SelectElement,
    TextareaElement,
    document_fromstring,
)

Words = str | Sequence[str]


class NotOnThePageError(AssertionError):
    """What a story looks for does not stand on the page, or more than once."""


class Screen:
    """What one person has before her: the page that she opened last, with what she filled in."""

    def __init__(self, client: Client) -> None:
        client.handler.enforce_csrf_checks = True
        self._client = client
        self._page: HtmlElement = document_fromstring("<main></main>")
        self.address = ""
        self.status = 0
        self.offered: set[str] = set()

    @property
    def words(self) -> str:
        """Give the words of the page as they are read; those that only a programme would see are left out."""
        return said(self._page.xpath("//main")[0])

    def go(self, address: str) -> None:
        self._show(self._client.get(address, follow=True), address)

    def follow(self, link: str, near: str = "") -> None:
        found = self._one("link", self._page.xpath("//main//a[@href]"), link, near)
        self.go(self._whole(found.get("href")))

    def press(self, button: str, near: str = "", fills: Mapping[str, Words] | None = None) -> None:
        """Fill the form of a button, each field by its label, the first where several have the same, and send it."""
        found = self._one("button", self._page.xpath("//main//form//button"), button, near)
        form: FormElement = found.xpath("ancestor::form")[0]
        for label, value in (fills or {}).items():
            self._fill(form, label, value)
        sent: dict[str, list[str]] = {}
        for name, value in form.form_values():
            # A line break behind the tag is not part of what the box holds.
            first = isinstance(form.inputs[name], TextareaElement) and value.startswith("\n")
            sent.setdefault(name, []).append(value[1:] if first else value)
        if found.get("name"):
            sent[found.get("name")] = [found.get("value", "")]
        address = self._whole(form.get("action") or self.address)
        self._show(self._client.post(address, sent, follow=True), address)

    def value(self, label: str) -> str:
        """Give what stands in a field."""
        field = _field(self._page, label, self.address)
        chosen = field.xpath(".//option[@selected]") if isinstance(field, SelectElement) else []
        return said(chosen[0]) if chosen else str(field.value or "").removeprefix("\n")

    def _fill(self, form: FormElement, label: str, value: Words) -> None:
        field = _field(form, label, self.address)
        if field.tag == "fieldset":
            self._tick(field, [value] if isinstance(value, str) else value)
        elif isinstance(field, SelectElement):
            field.value = self._one("choice", field.xpath(".//option"), str(value)).get("value")
        elif isinstance(field, InputElement) and field.checkable:
            field.checked = value == "yes"
        else:
            field.value = value

    def _tick(self, group: HtmlElement, wanted: Sequence[str]) -> None:
        boxes = group.xpath(".//label[input[@type='checkbox' or @type='radio']]")
        chosen = [self._one("choice", boxes, each) for each in wanted]
        for box in boxes:
            box.xpath("./input")[0].checked = box in chosen

    def _one(self, what: str, among: list[HtmlElement], wanted: str, near: str = "") -> HtmlElement:
        """Give what has these words, or begins with them; of several the one that stands nearest to other words."""
        for fits in (str.__eq__, str.startswith):
            found = [each for each in among if fits(said(each), wanted)]
            if near:
                found = _nearest(found, near)
            # Of two choices in one list, or two links that stand as near, the first is meant, as a reader comes to it.
            if len(found) == 1 or (found and (near or what == "choice" or _lead_to_one_place(found))):
                return found[0]
        there = sorted({said(each) for each in among})
        raise NotOnThePageError(
            f"{self.address}: no single {what} {wanted!r} near {near!r}; there is {there}\n{self.words}"
        )

    def _whole(self, address: str) -> str:
        base = self.address.partition("?")[0]
        return f"{base}{address}" if address.startswith(("?", "#")) else urljoin(base, address)

    def _show(self, answer: HttpResponse, asked: str) -> None:
        steps: list[tuple[str, int]] = getattr(answer, "redirect_chain", [])
        self.address, self.status = (steps[-1][0] if steps else asked).partition("#")[0], answer.status_code
        self._page = document_fromstring(answer.content.decode() or "<main></main>")
        if not self._page.xpath("//main"):
            self._page = document_fromstring("<main></main>")
        found = self._page.xpath("//main//@href | //main//@action")
        self.offered |= {self._whole(each).partition("?")[0].partition("#")[0] for each in [*found, self.address]}


def said(element: HtmlElement) -> str:
    """Give the words of a part of a page, without those that wait in a list to be chosen."""
    found = " ".join(" ".join(element.xpath(".//text()[not(parent::option)] | self::option/text()")).split())
    return re.sub(r" (?=[,.:;?!)”])|(?<=[(“]) ", "", found)


def _field(within: HtmlElement, label: str, address: str) -> HtmlElement:
    """Give what a label belongs to; the first where several are alike, and a field before a group of the same name."""
    found = [*within.xpath(".//legend")[::-1], *within.xpath(".//label")[::-1]]
    labels = {said(each).removesuffix(" (may stay empty)"): each for each in found}
    if label not in labels:
        raise NotOnThePageError(f"{address}: no field {label!r}; there is {sorted(labels)}")
    named = labels[label]
    if named.tag == "legend":
        return named.getparent()
    return within.xpath(".//*[@id=$it]", it=named.get("for"))[0]


def _nearest(found: list[HtmlElement], near: str) -> list[HtmlElement]:
    """Keep what shares the smallest part of the page with some words."""

    def size(element: HtmlElement) -> int | None:
        parts = [element, *element.iterancestors()]
        return next((len(said(part)) for part in parts if near in said(part)), None)

    sizes = [size(each) for each in found]
    least = min((each for each in sizes if each is not None), default=-1)
    return [each for each, its in zip(found, sizes, strict=True) if its == least]


def _lead_to_one_place(found: list[HtmlElement]) -> bool:
    return len({each.get("href") for each in found}) == 1 and found[0].get("href") is not None
