// The reading screen: a fact and its words light up together, and three keys decide where the focus is.
// Without this the numbers lead from one to the other, and the buttons do the same.
"use strict";

const reading = document.querySelector("[data-reading]");
const of = (element) => element.closest("[data-fact]");

function light(key) {
  for (const each of reading.querySelectorAll(".lit")) each.classList.remove("lit");
  if (!key) return;
  for (const each of reading.querySelectorAll(`[data-fact="${CSS.escape(key)}"]`)) each.classList.add("lit");
}

function bring(key) {
  const words = document.getElementById(`in-${key}`);
  const pane = reading.querySelector(".source");
  if (!words || pane.scrollHeight <= pane.clientHeight) return;
  pane.scrollTop += words.getBoundingClientRect().top - pane.getBoundingClientRect().top - pane.clientHeight / 3;
}

if (reading) {
  reading.addEventListener("pointerover", (event) => light(of(event.target)?.dataset.fact));
  reading.addEventListener("pointerleave", () => light(of(document.activeElement)?.dataset.fact));
  reading.addEventListener("focusin", (event) => {
    const fact = of(event.target);
    light(fact?.dataset.fact);
    if (fact && !fact.closest(".source")) bring(fact.dataset.fact);
  });
  const keys = { y: ".agree", c: ".change", n: ".wrong" };
  // On a keyboard that writes Arabic or Cyrillic it is the place of the key that counts.
  const latin = (event) => (/^[a-z]$/i.test(event.key) ? event.key : event.code.replace(/^Key/, "")).toLowerCase();
  reading.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, select, textarea");
    const wanted = typing || event.altKey || event.ctrlKey || event.metaKey ? null : keys[latin(event)];
    const button = wanted && (of(event.target)?.querySelector(wanted) ?? event.target.closest(".fact")?.querySelector(wanted));
    if (button) button.click();
  });
  for (const each of reading.querySelectorAll("[data-keys]")) each.hidden = false;
  const focused = document.activeElement && of(document.activeElement);
  if (focused) {
    light(focused.dataset.fact);
    bring(focused.dataset.fact);
  }

  const chosen = reading.querySelector("[data-chosen]");
  const told = (node) => !node.parentElement.closest("sup, .unread");
  // Spans count code points, and the marks beside the words are no part of the text.
  function before(paragraph, node, offset) {
    let count = Number(paragraph.dataset.at);
    const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      if (text === node) return told(text) ? count + [...text.data.slice(0, offset)].length : count;
      if (told(text)) count += [...text.data].length;
    }
    return count;
  }
  function place(node, offset) {
    const inside = node.nodeType === Node.TEXT_NODE ? node : node.childNodes[offset] ?? node;
    const paragraph = (inside.nodeType === Node.TEXT_NODE ? inside.parentElement : inside).closest?.("[data-at]");
    return paragraph && inside.nodeType === Node.TEXT_NODE ? before(paragraph, inside, inside === node ? offset : 0) : null;
  }
  if (chosen) document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    const range = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
    const start = range && place(range.startContainer, range.startOffset);
    const end = range && place(range.endContainer, range.endOffset);
    chosen.hidden = start === null || end === null || !(start < end);
    if (!chosen.hidden) chosen.querySelector("a").href = `?add=${start}-${end}#adding`;
  });
}
