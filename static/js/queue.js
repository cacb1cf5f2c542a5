// SPDX-FileCopyrightText: 2026 Charta contributors
// SPDX-License-Identifier: EUPL-1.2
// Keys of the moderation queue: j k a c r / ? while no field has the focus. Everything they do is a link or a
// button of the page; without this script those are used. The keys can be switched off in the help dialog.

const SWITCH = "charta-queue-keys";
const desk = document.querySelector("[data-queue]");
const help = document.querySelector("[data-queue-help]");
const status = document.querySelector("[data-queue-status]");
const form = document.querySelector("[data-queue-form]");
const reason = form?.querySelector("textarea");
const toggle = help?.querySelector("[data-queue-switch]");
let pending = null; // the button that Ctrl+Enter in the reason will press

const say = (text) => { if (text) status.textContent = text; };
const button = (value) => form?.querySelector(`button[value="${value}"]`);

function stored() {
  try { return localStorage.getItem(SWITCH) !== "off"; } catch { return true; }
}

function showSwitch(on) {
  if (toggle) toggle.checked = on;
  document.body.classList.toggle("ch-keys-off", !on);
}

function go(step) {
  const items = [...desk.querySelectorAll(".ch-q")];
  const at = items.findIndex((item) => item.hasAttribute("aria-current"));
  const target = items[at + step] || (step > 0 ? desk.querySelector("[data-next-page]") : null);
  if (target && at + step >= 0) location.assign(target.href);
  else say(step > 0 ? desk.dataset.last : desk.dataset.first);
}

// Requests for changes and refusals need a reason: the first press leads there, Ctrl+Enter sends.
function decide(value, needsReason) {
  const wanted = button(value);
  if (!wanted) return;
  if (needsReason && !reason.value.trim()) {
    pending = wanted;
    reason.focus();
    reason.scrollIntoView({ block: "nearest" });
    say(form.dataset.reasonFirst);
    return;
  }
  form.requestSubmit(wanted);
}

function openHelp() {
  help?.showModal();
  help?.querySelector("form button")?.focus();
}

const keys = {
  j: () => go(1),
  k: () => go(-1),
  a: () => decide("uebernehmen", false),
  c: () => decide("ueberarbeiten", true),
  r: () => decide("ablehnen", true),
  "/": () => document.getElementById("filter-feld")?.focus(),
  "?": openHelp,
};

const isField = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.repeat || help?.open || isField(event.target)) return;
  if (event.key !== "?" && !stored()) return;
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

reason?.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    pending = null;
    reason.blur();
  } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && pending) {
    event.preventDefault();
    form.requestSubmit(pending);
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

// After a decision or a step the new proposal is where the reader goes on; a region that is filled late is spoken.
const address = new URLSearchParams(location.search);
if ((address.has("nr") || address.has("nach")) && !document.querySelector(".ch-errors")) {
  const title = document.getElementById("vorschlag");
  title?.focus({ preventScroll: true });
  const message = document.querySelector(".ch-flash p")?.textContent;
  if (message) setTimeout(() => say(message), 150);
}
desk?.querySelector(".ch-q[aria-current]")?.scrollIntoView({ block: "nearest" });
