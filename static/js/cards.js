// SPDX-FileCopyrightText: 2026 Charta contributors
// SPDX-License-Identifier: EUPL-1.2
// Typing in cards: Enter in the code leads on to the text (a hand scanner sends it), Ctrl+Enter saves.

const form = document.querySelector("[data-card-form]");
const hint = form?.querySelector("[data-card-hint]");
if (hint) hint.hidden = false;

form?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    form.requestSubmit();
  } else if (event.target.id === "card") {
    event.preventDefault();
    form.querySelector("#text").focus();
  }
});
