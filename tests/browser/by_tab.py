"""Walks a page by Tab alone, once around: until the first of what can have the focus has it again."""

from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page

# A person who has to press more often would give up; the longest page is a report in which there is much to confirm.
MOST_TABS = 300
# What has the focus is looked at when the key is let go: by then the page has moved so that it can be seen.
WATCH = """() => {
  const shown = each => each.checkVisibility({visibilityProperty: true}) && !each.disabled;
  const tell = each => each.outerHTML.replace(/\\s+/g, " ").slice(0, 120);
  // Of buttons of which one is chosen, one has the focus for all.
  const group = each => each.type === "radio" ? [...document.forms].indexOf(each.form) + each.name : each;
  const all = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0'], [contenteditable]";
  const walk = window.walk = {reached: new Map(), mistakes: [], isOver: false, last: null};
  walk.missed = () => [...document.querySelectorAll(all)].filter(each => shown(each) && !walk.reached.has(group(each)));
  walk.told = () => [...walk.mistakes, ...walk.missed().map(each => "no Tab leads to " + tell(each))];
  addEventListener("keyup", () => {
    const here = document.activeElement;
    if (here === document.body || here === walk.last) return;
    walk.last = here;
    if (walk.reached.has(group(here))) { walk.isOver ||= walk.reached.keys().next().value === group(here); return; }
    walk.reached.set(group(here), here);
    const style = getComputedStyle(here), box = here.getBoundingClientRect(), line = here.getClientRects()[0] ?? box;
    // What is larger than the screen is seen by its beginning.
    const [x, y] = [line.left + line.width / 2, Math.max(line.top, 0) + Math.min(line.height / 2, 20)];
    const over = line.bottom > 0 && document.elementFromPoint(x, y);
    const own = [here, ...(here.labels ?? [])];
    if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2)
      walk.mistakes.push("no ring is drawn around " + tell(here));
    if (!over) walk.mistakes.push("out of sight has the focus " + tell(here));
    else if (!own.some(each => each.contains(over) || over.contains(each)))
      walk.mistakes.push(tell(over) + " hides what has the focus: " + tell(here));
  });
}"""


def mistakes_of(page: Page) -> list[str]:
    """Walk a page by Tab, and say what somebody without a mouse, or who does not see the page, would lack."""
    page.evaluate(WATCH)
    for pressed in range(MOST_TABS):
        page.keyboard.press("Tab")
        if pressed % 10 == 9 and page.evaluate("walk.isOver"):
            break
    else:
        return [f"after {MOST_TABS} times Tab the page is not walked through"]
    return [*page.evaluate("walk.told()"), *nameless(page)]


def nameless(page: Page) -> Iterator[str]:
    """Find what can have the focus and has no name, as the browser tells programs that read aloud."""
    session = page.context.new_cdp_session(page)
    for node in session.send("Accessibility.getFullAXTree")["nodes"]:
        if node.get("ignored") or node["role"]["value"] in _ONLY_SKIPPED_TO or not _is_focusable(node):
            continue
        if not node.get("name", {}).get("value", "").strip():
            what = session.send("DOM.describeNode", {"backendNodeId": node["backendDOMNodeId"]})["node"]
            yield f"no name has {what['nodeName']} {what.get('attributes')}"
    session.detach()


# A page, its content, and what was said first are not worked at; a program reads what stands in them.
_ONLY_SKIPPED_TO = {"RootWebArea", "main", "status", "alert"}


def _is_focusable(node: dict[str, Any]) -> bool:
    return any(each["name"] == "focusable" and each["value"].get("value") for each in node.get("properties", ()))
