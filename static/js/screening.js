// SPDX-FileCopyrightText: 2026 Charta contributors
// SPDX-License-Identifier: EUPL-1.2
// Keys of the screening desk. Everything they do is a link or a button of the page; without this script those
// are used. What is ticked is remembered for this tab, so that it lasts while the keys go down the list.
import { canned, deeds, isField, prefixKeys, press, say, setUpKeys, walk } from "./desk_keys.js";

const CHOSEN = "charta-screening-chosen";
const desk = document.querySelector("[data-screening]");
const form = document.querySelector("[data-screening-form]");
const bundle = document.querySelector("[data-bundle]");
const merge = document.querySelector("[data-merge]");
const together = document.querySelector("[data-together]");
const undo = document.querySelector("[data-undo]");
const reason = form?.querySelector("textarea");

const button = (value) => form?.querySelector(`button[name="tat"][value="${value}"]`);

// ---------------------------------------------------------------------------------------------- ticking

const ticks = [...document.querySelectorAll('input[name="auswahl"]')];
const ticked = () => ticks.filter((tick) => tick.checked);

function showTicks() {
  const count = ticked().length;
  const place = together?.querySelector("[data-chosen-count]");
  if (place) place.textContent = count ? String(count) : "";
  together?.classList.toggle("is-on", count > 0);
}

function keepTicks() {
  try { sessionStorage.setItem(CHOSEN, JSON.stringify(ticked().map((tick) => tick.value))); } catch { /* this page only */ }
  showTicks();
}

function restoreTicks() {
  let kept = [];
  try { kept = JSON.parse(sessionStorage.getItem(CHOSEN) || "[]"); } catch { /* none */ }
  // Number and version: what somebody changed meanwhile is no longer ticked.
  for (const tick of ticks) if (kept.includes(tick.value)) tick.checked = true;
  showTicks();
}

function tickHere() {
  const here = desk.querySelector(".ch-q[aria-current]")?.parentElement.querySelector("input");
  if (!here) return;
  here.checked = !here.checked;
  keepTicks();
  say(desk.dataset.chosen.replace("{count}", String(ticked().length)));
}

function tickAll() {
  const on = ticked().length < ticks.length;
  for (const tick of ticks) tick.checked = on;
  keepTicks();
  say(desk.dataset.chosen.replace("{count}", String(ticked().length)));
}

const onMany = (value) => together?.querySelector(`button[value="${value}"]`);

// ------------------------------------------------------------------------------------------------ deeds

const act = deeds(form);
const decide = (value, needsWords) => act(button(value), needsWords);

function accept() {
  if (ticked().length) press(onMany("aufnehmen"));
  else decide("aufnehmen", false);
}

function decline() {
  if (ticked().length) document.getElementById("gemeinsam-grund")?.focus();
  else decide("ablehnen", true);
}

function chooseTopic() {
  const field = document.getElementById(ticked().length ? "gemeinsam-thema" : "topic");
  field?.focus();
  field?.select();
}

const choose = (select, value) => {
  if (!select || ![...select.options].some((option) => option.value === value)) return;
  select.value = value;
  say(select.options[select.selectedIndex].text);
};

// Fields are named by their number: „f 3“ is the third; with ticked ones they are all put there at once.
function field(number) {
  if (ticked().length) {
    const select = document.getElementById("gemeinsam-feld");
    const option = [...select.options].find((one) => (one.dataset.key || "0") === number);
    if (!option) return;
    select.value = option.value;
    press(onMany("feld"));
    return;
  }
  const select = form?.querySelector('select[name="field"]');
  const option = [...(select?.options ?? [])].find((one) => (one.value ? one.text.split(" ")[0] : "0") === number);
  if (option) choose(select, option.value);
}

const kind = (number) => {
  const select = form?.querySelector('select[name="kind"]');
  if (select?.options[Number(number)]) choose(select, select.options[Number(number)].value);
};

const topicOf = (number) => press(bundle?.querySelector(`[data-topic="${number}"]`));
const digits = Object.fromEntries(["1", "2", "3", "4", "5"].map((digit) => [digit, () => topicOf(digit)]));

// What was chosen below goes along when the contribution is bundled; it stands in a form of its own.
bundle?.addEventListener("submit", () => {
  for (const name of ["field", "kind", "title"]) {
    const control = form?.elements[name];
    if (!control) continue;
    const hidden = document.createElement("input");
    Object.assign(hidden, { type: "hidden", name, value: control.value });
    bundle.append(hidden);
  }
});

if (desk) {
  setUpKeys({
    j: () => walk(desk, 1),
    k: () => walk(desk, -1),
    a: accept,
    d: decline,
    r: () => decide("nachfragen", true),
    w: () => decide("beantworten", true),
    t: chooseTopic,
    x: tickHere,
    X: tickAll,
    M: () => { if (ticked().length) press(onMany("zusammenlegen")); },
    u: () => press(undo?.querySelector("button")),
    s: () => document.querySelector("[data-split]")?.click(),
    b: () => document.getElementById("vorbereitet")?.focus(),
    "/": () => document.getElementById("filter-stand")?.focus(),
    ...digits,
  });
  prefixKeys({
    f: { words: document.querySelector('label[for="field"]')?.textContent, act: field },
    h: { words: document.querySelector('label[for="kind"]')?.textContent, act: kind },
    m: {
      words: document.getElementById("aehnlich")?.textContent,
      act: (number) => press(merge?.querySelector(`[data-like="${number}"]`)),
    },
  });
  restoreTicks();
  for (const tick of ticks) tick.addEventListener("change", keepTicks);
  // What was ticked is done with: the next page begins with none.
  together?.addEventListener("submit", () => { try { sessionStorage.removeItem(CHOSEN); } catch { /* none */ } });
  canned(reason);
}

// Enter in a field beside a button presses that button, Escape leads back to the keys.
for (const pair of document.querySelectorAll(".ch-screen-pair")) {
  pair.addEventListener("keydown", (event) => {
    if (event.key === "Escape") event.target.blur();
    if (event.key !== "Enter" || !isField(event.target)) return;
    event.preventDefault();
    press(pair.querySelector("button"));
  });
}

const address = new URLSearchParams(location.search);
if ((address.has("nr") || address.has("nach")) && !document.querySelector(".ch-errors")) {
  document.getElementById("beitrag")?.focus({ preventScroll: true });
  const message = document.querySelector(".ch-flash p")?.textContent;
  if (message) setTimeout(() => say(message), 150);
}
desk?.querySelector(".ch-q[aria-current]")?.scrollIntoView({ block: "nearest" });
