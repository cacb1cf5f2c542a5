// SPDX-FileCopyrightText: 2026 Charta contributors
// SPDX-License-Identifier: EUPL-1.2
// Asks an address again and again for a part of a page, only in sight; the answer is mostly "nothing new" (304).
// Without network it asks more seldom. Who is signed out, or finds nothing any more, is not asked for again.

const PATIENCE = 15 * 1000;

// `show` gets the new part and says whether to go on (false ends it); `gone` is called once when it is not found.
export function follow(address, { every, slowest, show, gone = () => {} }) {
  let tag = "";
  let wait = every;
  let timer = 0;
  let isOver = false;

  async function ask() {
    clearTimeout(timer);
    if (isOver) return;
    try {
      const answer = await fetch(address, {
        cache: "no-store",
        headers: tag ? { "If-None-Match": tag } : {},
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.status === 200) {
        isOver = show(new DOMParser().parseFromString(await answer.text(), "text/html").body) === false;
        tag = answer.headers.get("ETag") || "";
      } else if (answer.status === 401 || answer.status === 403) isOver = true;
      else if (answer.status === 404) {
        isOver = true;
        gone();
      } else if (answer.status !== 304) throw new Error(String(answer.status));
      wait = every;
    } catch {
      wait = Math.min(wait * 2, slowest);
    }
    clearTimeout(timer);
    if (!isOver && !document.hidden) timer = setTimeout(ask, wait);
  }

  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  addEventListener("online", ask);
  timer = setTimeout(ask, every);
}
