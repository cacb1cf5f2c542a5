// SPDX-FileCopyrightText: 2026 Charta contributors
// SPDX-License-Identifier: EUPL-1.2
// The moderation sees every few seconds how many have voted, like the wall. Without this script the page is loaded
// again by hand.

const PAUSE = 5000;
const SLOWEST = 60 * 1000;
const PATIENCE = 15 * 1000;
const place = document.querySelector("[data-turnout]");
const over = document.querySelector("[data-turnout-over]");
let tag = "";
let wait = PAUSE;
let timer = 0;

async function ask() {
  clearTimeout(timer);
  try {
    const answer = await fetch(place.dataset.turnout, {
      cache: "no-store",
      headers: tag ? { "If-None-Match": tag } : {},
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.status === 200) {
      place.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
      tag = answer.headers.get("ETag") || "";
    } else if (answer.status === 401 || answer.status === 403) return;
    else if (answer.status === 404) {
      over.textContent = over.dataset.words;
      return;
    } else if (answer.status !== 304) throw new Error(String(answer.status));
    wait = PAUSE;
  } catch {
    wait = Math.min(wait * 2, SLOWEST);
  }
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(ask, wait);
}

if (place) {
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  addEventListener("online", ask);
  timer = setTimeout(ask, PAUSE);
}
