// SPDX-FileCopyrightText: 2026 Charta contributors
// SPDX-License-Identifier: EUPL-1.2
// The hall page asks every five to ten seconds what poll runs now; each phone at its own beat, only in sight. What
// somebody has begun to answer is never taken away. Points get buttons and a count of what is left. Without this
// script the page is loaded again by hand.

const LEAST = 5_000;
const MOST = 10_000;
const SLOWEST = 60_000;
const PATIENCE = 15_000;

const place = document.querySelector("[data-poll-place]");
if (place) follow(place);
points(document);

function follow(place) {
  let tag = place.dataset.tag;
  let timer = 0;
  let failures = 0;
  let begun = false;

  // Everybody at another moment: a hundred phones must not ask in the same second.
  const beat = () => Math.min((LEAST + Math.random() * (MOST - LEAST)) * 2 ** failures, SLOWEST);

  place.addEventListener("input", () => { begun = true; });
  place.addEventListener("submit", (event) => { if (!event.defaultPrevented) clearTimeout(timer); });

  const running = (root) => root.querySelector(".is-running")?.dataset.poll ?? "";

  function show(html) {
    const next = new DOMParser().parseFromString(html, "text/html").body;
    // Begun, and the same poll still takes answers: only its numbers have moved on.
    if (begun && running(place) && running(next) === running(place)) return;
    const open = place.querySelector("details[open]") !== null;
    const focused = place.contains(document.activeElement);
    const appears = running(next) && running(next) !== running(place);
    place.replaceChildren(...next.childNodes);
    begun = false;
    points(place);
    if (open) place.querySelector("details")?.setAttribute("open", "");
    if (focused) place.querySelector("input, summary, h2")?.focus();
    const told = document.querySelector("[data-poll-told]");
    if (told && appears) told.textContent = `${told.dataset.words} ${place.querySelector("h2")?.textContent ?? ""}`;
  }

  async function ask() {
    clearTimeout(timer);
    if (document.hidden) return;
    try {
      const answer = await fetch(place.dataset.pollPlace, {
        cache: "no-store",
        headers: tag ? { "If-None-Match": tag } : {},
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.status === 200) {
        show(await answer.text());
        tag = answer.headers.get("ETag") || "";
      } else if (answer.status === 403 || answer.status === 404) return; // signed out, or no longer of this hall
      else if (answer.status !== 304) throw new Error(String(answer.status));
      failures = 0;
    } catch {
      failures = Math.min(failures + 1, 4);
    }
    timer = setTimeout(ask, beat());
  }

  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  addEventListener("online", ask);
  addEventListener("pageshow", (event) => { if (event.persisted) { tag = ""; begun = false; ask(); } });
  timer = setTimeout(ask, beat());
}

function points(root) {
  for (const box of root.querySelectorAll("[data-points]")) {
    if (box.dataset.isReady) continue;
    box.dataset.isReady = "1";
    const budget = Number(box.dataset.points);
    const left = box.querySelector("[data-points-left]");
    const inputs = [...box.querySelectorAll("input")];
    const given = () => inputs.reduce((sum, input) => sum + (Number.parseInt(input.value, 10) || 0), 0);
    const count = () => {
      const rest = budget - given();
      left.textContent = rest < 0 ? left.dataset.over.replace("{over}", -rest) : left.dataset.words.replace("{left}", rest);
      for (const button of box.querySelectorAll("[data-step]")) {
        const value = Number.parseInt(button.parentElement.querySelector("input").value, 10) || 0;
        button.disabled = button.dataset.step === "1" ? rest <= 0 : value <= 0;
      }
    };
    for (const button of box.querySelectorAll("[data-step]")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        const input = button.parentElement.querySelector("input");
        input.value = Math.max(0, (Number.parseInt(input.value, 10) || 0) + Number(button.dataset.step));
        input.dispatchEvent(new Event("input", { bubbles: true }));
      });
    }
    box.addEventListener("input", count);
    count();
  }
}
