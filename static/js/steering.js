// SPDX-FileCopyrightText: 2026 Charta contributors
// SPDX-License-Identifier: EUPL-1.2
// The moderator's phone asks each second, like the wall, how many have answered the running poll. Only the numbers are
// exchanged: a button must not move under a thumb. Without this script the page is loaded again by hand.

const SECOND = 1000;
const SLOWEST = 10 * SECOND;
const PATIENCE = 15 * SECOND;
const place = document.querySelector("[data-poll-numbers]");
const changed = document.querySelector("[data-poll-changed]");
let tag = "";
let wait = SECOND;
let timer = 0;

const poll = (root) => root.querySelector("[data-poll-of]")?.dataset.pollOf ?? "";

// Says whether the poll on this page still runs.
function show(html) {
  const next = new DOMParser().parseFromString(html, "text/html").body;
  if (poll(next) !== poll(place)) {
    changed.textContent = changed.dataset.words;
    return false;
  }
  place.replaceChildren(...next.childNodes);
  return true;
}

async function ask() {
  clearTimeout(timer);
  try {
    const answer = await fetch(place.dataset.pollNumbers, {
      cache: "no-store",
      headers: tag ? { "If-None-Match": tag } : {},
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.status === 200) {
      if (!show(await answer.text())) return;
      tag = answer.headers.get("ETag") || "";
    } else if (answer.status === 401 || answer.status === 403 || answer.status === 404) return;
    else if (answer.status !== 304) throw new Error(String(answer.status));
    wait = SECOND;
  } catch {
    wait = Math.min(wait * 2, SLOWEST);
  }
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(ask, wait);
}

if (place) {
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  addEventListener("online", ask);
  timer = setTimeout(ask, SECOND);
}
