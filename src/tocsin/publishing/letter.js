// The page of a letter: buttons that copy, and links that take along what a reader changed.
// Without this she copies by hand, and a link opens the letter as it was composed. Nothing is sent, and nothing kept.
"use strict";

const letter = document.querySelector(".letter");
const longest = Number(letter.dataset.longest);
const links = [...document.querySelectorAll(".open a")].map((link) => ({ link, composed: link.getAttribute("href") }));
const composed = letter.innerText;

// By the command, which asks nobody and also works where the site has no certificate (an onion address, a folder).
function copy(element) {
  const give = (event) => {
    event.clipboardData.setData("text/plain", element.innerText);
    event.preventDefault();
  };
  getSelection().selectAllChildren(element);
  document.addEventListener("copy", give, { once: true });
  const done = document.execCommand("copy");
  document.removeEventListener("copy", give);
  return done;
}

for (const element of document.querySelectorAll("[data-copy]")) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: element.dataset.copy });
  const told = document.createElement("span");
  told.setAttribute("role", "status");
  button.addEventListener("click", () => (told.textContent = copy(element) ? element.dataset.copied : ""));
  const line = document.createElement("p");
  line.className = "copy";
  line.append(button, " ", told);
  element.before(line);
}

letter.addEventListener("input", () => {
  const words = letter.innerText;
  const isChanged = words !== composed;
  // A lone half of a character, which no link can hold, gives way to the sign for one.
  const body = encodeURIComponent(words.replace(/[\ud800-\udfff]/gu, "\ufffd").replace(/\r?\n/g, "\r\n"));
  let without = 0;
  for (const { link, composed } of links) {
    const target = composed.replace(/([?&]body=)[^&]*/, (_, name) => name + body);
    const fits = target.length <= longest;
    link.href = isChanged && fits ? target : composed;
    if (!fits) without += 1;
  }
  document.querySelector(".without")?.toggleAttribute("hidden", !isChanged || !without);
  document.querySelector(".shortened")?.toggleAttribute("hidden", isChanged);
});
