// SPDX-FileCopyrightText: 2026 Charta contributors
// SPDX-License-Identifier: EUPL-1.2
// Marking words in the text puts them into the list of words to take out; without a script they are typed.

const text = document.querySelector("[data-redact-text]");
const mark = document.querySelector("[data-redact-mark]");
const list = document.querySelector('textarea[name="phrases"]');

if (text && mark && list) {
  mark.hidden = false;
  const button = mark.querySelector("button");
  // The click must not end the selection before it is read.
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    const selection = getSelection();
    const words = selection.toString().replace(/\s+/g, " ").trim();
    if (!words || !text.contains(selection.anchorNode)) return;
    const lines = list.value.split("\n").filter((line) => line.trim());
    if (!lines.includes(words)) lines.push(words);
    list.value = lines.join("\n");
  });
}
