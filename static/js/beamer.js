// SPDX-FileCopyrightText: 2026 Charta contributors
// SPDX-License-Identifier: EUPL-1.2
// The projector asks each second what it should show; the answer is mostly "nothing new" (304). Without network
// it keeps the last picture and says so. Keys: d changes light and dark, f fills the screen.

const SECOND = 1000;
const SLOWEST = 5 * SECOND;
const STALE_AFTER = 3 * SECOND;
const place = document.querySelector("[data-projector]");
const stale = document.querySelector("[data-projector-stale]");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const root = document.documentElement;
let tag = place.dataset.tag;
let good = Date.now(); // when the server last answered
let wait = SECOND;
let timer = 0;

const clock = (time) => new Date(time).toLocaleTimeString(root.lang || "de", { hour: "2-digit", minute: "2-digit" });

function show(html) {
  const next = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
  const now = place.firstElementChild;
  if (!next?.classList.contains("ch-beamer")) return;
  const known = new Set([...now.querySelectorAll("[data-code]")].map((item) => item.dataset.code));
  if (now.className !== next.className) {
    place.replaceChildren(next);
    return;
  }
  // Same picture: only the parts that differ, so that nothing else flickers.
  for (const part of next.querySelectorAll("[data-part]")) {
    const old = now.querySelector(`[data-part="${part.dataset.part}"]`);
    if (!old) {
      place.replaceChildren(next);
      return;
    }
    if (old.outerHTML === part.outerHTML) continue;
    if (!still.matches && known.size) {
      for (const item of part.querySelectorAll("[data-code]")) {
        if (!known.has(item.dataset.code)) item.classList.add("is-new");
      }
      for (const item of old.querySelectorAll(".is-new")) item.classList.remove("is-new");
    }
    old.replaceWith(part);
    if (!still.matches) grow(old, part);
  }
}

// Bars of the same poll move from where they stood to where they stand now.
function grow(old, part) {
  const before = old.querySelectorAll(".ch-poll .ch-onebar > :last-child");
  const bars = part.querySelectorAll(".ch-poll .ch-onebar > :last-child");
  if (!bars.length || before.length !== bars.length || old.querySelector("h2")?.textContent !== part.querySelector("h2")?.textContent) return;
  bars.forEach((bar, place) => {
    const width = bar.getAttribute("width");
    bar.setAttribute("width", before[place].getAttribute("width"));
    bar.getBoundingClientRect(); // lets the browser see where it begins
    bar.setAttribute("width", width);
  });
}

function mark() {
  const late = Date.now() - good > STALE_AFTER;
  const words = late ? stale.dataset.words.replace("{time}", clock(good)) : "";
  if (stale.textContent !== words) stale.textContent = words;
}

async function ask() {
  clearTimeout(timer);
  try {
    const answer = await fetch(place.dataset.projector, {
      cache: "no-store",
      headers: tag ? { "If-None-Match": tag } : {},
      signal: AbortSignal.timeout(SLOWEST),
    });
    if (answer.status === 200) {
      show(await answer.text());
      tag = answer.headers.get("ETag") || "";
    } else if (answer.status !== 304) throw new Error(String(answer.status));
    good = Date.now();
    wait = SECOND;
  } catch {
    wait = Math.min(wait * 2, SLOWEST);
  }
  mark();
  clearTimeout(timer); // a second question may have begun meanwhile (back in sight, back online)
  if (!document.hidden) timer = setTimeout(ask, wait);
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) ask();
});

addEventListener("online", ask);

// The address may choose: /beamer/zwickau?darstellung=dunkel
const asked = new URLSearchParams(location.search).get("darstellung");
if (asked === "dunkel" || asked === "hell") root.dataset.theme = asked === "dunkel" ? "dark" : "light";

function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function turn() {
  root.dataset.theme = isDark() ? "light" : "dark";
}

async function fill() {
  try {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await root.requestFullscreen();
  } catch { /* not allowed here: the key of the browser still works */ }
}

// A wall that goes dark after ten minutes helps nobody.
let awake = null;
async function stayAwake() {
  try {
    if (document.fullscreenElement && !document.hidden) awake = await navigator.wakeLock.request("screen");
    else if (!document.fullscreenElement) await awake?.release();
  } catch { /* no such lock in this browser */ }
}

const keys = { d: turn, f: fill };
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
  keys[event.key]?.();
});
document.addEventListener("fullscreenchange", stayAwake);
document.addEventListener("visibilitychange", stayAwake);
document.querySelector("[data-projector-theme]").addEventListener("click", turn);
document.querySelector("[data-projector-full]").addEventListener("click", fill);
document.querySelector("[data-projector-buttons]").hidden = false;

timer = setTimeout(ask, SECOND);
