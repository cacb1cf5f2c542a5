// SPDX-FileCopyrightText: 2026 Charta contributors
// SPDX-License-Identifier: EUPL-1.2
// The board of topics: keys for the suggested bundles, dragging a contribution onto a topic. And the desk of one
// topic: keys for its answer. Dragging ticks the contribution and presses the button of the topic, no more.
import { canned, press, setUpKeys } from "./desk_keys.js";

const cards = [...document.querySelectorAll("[data-card]")];
const board = document.querySelector("[data-board]");
const answer = document.querySelector("[data-answer] textarea");
let at = -1;

function show(step) {
  if (!cards.length) return;
  at = Math.min(Math.max(at + step, 0), cards.length - 1);
  cards.forEach((card, index) => card.classList.toggle("is-here", index === at));
  cards[at].querySelector("[data-accept]").focus();
  cards[at].scrollIntoView({ block: "nearest" });
}

function rename() {
  const field = cards[Math.max(at, 0)]?.querySelector('input[name="topic"]');
  field?.focus();
  field?.select();
}

setUpKeys({
  j: () => show(1),
  k: () => show(-1),
  a: () => press(cards[Math.max(at, 0)]?.querySelector("[data-accept]")),
  e: rename,
  o: () => document.querySelector("[data-topic-card] h3 a")?.click(),
  w: () => answer?.focus(),
});

answer?.addEventListener("keydown", (event) => {
  if (event.key === "Escape") answer.blur();
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    press(answer.form.querySelector("button"));
  }
});
canned(answer);

// Enter in a field beside a button presses that button and not the first one of the form.
for (const pair of document.querySelectorAll(".ch-screen-pair")) {
  pair.querySelector("input")?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    press(pair.querySelector("button"));
  });
}

if (board) {
  let dragged = null;
  document.querySelector("[data-drag-hint]")?.removeAttribute("hidden");
  board.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("[data-member]");
    if (dragged) event.dataTransfer.setData("text/plain", dragged.textContent.trim());
  });
  board.addEventListener("dragend", () => { dragged = null; });
  for (const card of board.querySelectorAll("[data-topic-card]")) {
    card.addEventListener("dragover", (event) => {
      if (!dragged) return;
      event.preventDefault();
      card.classList.add("is-target");
    });
    card.addEventListener("dragleave", () => card.classList.remove("is-target"));
    card.addEventListener("drop", (event) => {
      if (!dragged) return;
      event.preventDefault();
      dragged.querySelector("input").checked = true;
      press(card.querySelector("button"));
    });
  }
}
