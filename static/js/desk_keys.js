// SPDX-FileCopyrightText: 2026 Charta contributors
// SPDX-License-Identifier: EUPL-1.2
// Keys of the moderation's desks: single keys, a letter followed by a number, prepared answers. They work while
// no field has the focus and can be switched off in the help dialog, for all desks at once.

const SWITCH = "charta-queue-keys";
const help = document.querySelector("[data-queue-help]");
const status = document.querySelector("[data-queue-status]");
const toggle = help?.querySelector("[data-queue-switch]");
let prefixes = {};
let open = null; // the letter that waits for its number

export const isField = (element) => element.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;

function stored() {
  try { return localStorage.getItem(SWITCH) !== "off"; } catch { return true; }
}

function showSwitch(on) {
  if (toggle) toggle.checked = on;
  document.body.classList.toggle("ch-keys-off", !on);
}

function openHelp() {
  help?.showModal();
  help?.querySelector("form button")?.focus();
}

export const say = (text) => { if (text && status) status.textContent = text; };

// Go to the item above or below; at the end of the page to the next page, at both ends of the list say so.
export function walk(desk, step) {
  const items = [...desk.querySelectorAll(".ch-q")];
  const at = items.findIndex((item) => item.hasAttribute("aria-current"));
  const target = items[at + step] || (step > 0 ? desk.querySelector("[data-next-page]") : null);
  if (target && at + step >= 0) location.assign(target.href);
  else say(step > 0 ? desk.dataset.last : desk.dataset.first);
}

// A key held or hit twice sends one form once; a form that the browser refuses was not sent.
let isSending = false;
document.addEventListener("submit", (event) => { isSending = !event.defaultPrevented; });
window.addEventListener("pageshow", () => { isSending = false; });

export function press(button) {
  if (button && !isSending) button.form.requestSubmit(button);
}

// Deeds of a form: of one that needs words the first press leads to their field, Ctrl+Enter there sends, Escape
// leads back to the keys.
export function deeds(form) {
  const words = form?.querySelector("textarea");
  let pending = null;
  words?.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      pending = null;
      words.blur();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && pending) {
      event.preventDefault();
      press(pending);
    }
  });
  return (button, needsWords) => {
    if (!button) return;
    if (needsWords && !words.value.trim()) {
      pending = button;
      words.focus();
      words.scrollIntoView({ block: "nearest" });
      say(form.dataset.reasonFirst);
    } else {
      press(button);
    }
  };
}

export function prefixKeys(found) {
  prefixes = found;
}

export function setUpKeys(keys) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.repeat || help?.open || isField(event.target)) return;
    if (event.key === "?") {
      if (!help) return;
      event.preventDefault();
      openHelp();
      return;
    }
    if (!stored()) return;
    const waiting = open;
    open = null;
    if (waiting && /^[0-9]$/.test(event.key)) {
      event.preventDefault();
      prefixes[waiting].act(event.key);
    } else if (prefixes[event.key]) {
      event.preventDefault();
      open = event.key;
      if (status) status.textContent = `${prefixes[event.key].words ?? ""} …`;
    } else if (keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
  });
  document.querySelector("[data-queue-help-link]")?.addEventListener("click", (event) => {
    if (!help) return;
    event.preventDefault();
    openHelp();
  });
  toggle?.addEventListener("change", () => {
    try { localStorage.setItem(SWITCH, toggle.checked ? "on" : "off"); } catch { /* private mode: this page only */ }
    showSwitch(toggle.checked);
  });
  showSwitch(stored());
}

// Prepared answers: chosen from the list, or inside the text by Alt and a number. They are put at the cursor.
export function canned(area) {
  const box = document.querySelector("[data-canned]");
  const select = box?.querySelector("select");
  if (!area || !select) return;
  box.hidden = false;
  const insert = (option) => {
    if (!option?.dataset.text) return;
    area.focus();
    area.setRangeText(option.dataset.text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  select.addEventListener("change", () => {
    insert(select.selectedOptions[0]);
    select.value = "";
  });
  area.addEventListener("keydown", (event) => {
    const digit = /^Digit([1-9])$/.exec(event.code);
    if (!digit || !event.altKey || event.ctrlKey) return;
    event.preventDefault();
    insert(select.options[Number(digit[1])]);
  });
}
