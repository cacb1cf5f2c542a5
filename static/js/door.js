// SPDX-FileCopyrightText: 2026 Charta contributors
// SPDX-License-Identifier: EUPL-1.2
// The list at the door: shortens itself while a name is typed; "/" goes to the search, Enter checks in the
// only one left. Without it the search is sent as a form.

const list = document.querySelector("[data-door]");
const search = document.querySelector("[data-door-search]");
const status = document.querySelector("[data-door-status]");

const plain = (text) => text.toLocaleLowerCase("de").normalize("NFD").replace(/[\u0300-\u036f]/g, "");

if (list && search) {
  const rows = [...list.children].map((row) => ({ row, name: plain(row.dataset.doorName || "") }));
  const shown = () => rows.filter(({ row }) => !row.hidden);

  const shorten = () => {
    const parts = plain(search.value).split(/\s+/).filter(Boolean);
    for (const { row, name } of rows) row.hidden = !parts.every((part) => name.includes(part));
    if (status) status.textContent = status.dataset.words.replace("{count}", shown().length);
  };

  search.addEventListener("input", shorten);
  search.form.addEventListener("submit", (event) => {
    const left = shown();
    const button = left.length === 1 && search.value ? left[0].row.querySelector("form button") : null;
    // Only "is there": undoing by Enter would surprise.
    if (button && button.form.action.endsWith("/da")) {
      event.preventDefault();
      button.form.querySelector("[name=suche]").value = "";
      button.form.requestSubmit(button);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target.closest("input, textarea, select")) return;
    event.preventDefault();
    search.focus();
    search.select();
  });
}
