// SPDX-FileCopyrightText: 2026 Charta contributors
// SPDX-License-Identifier: EUPL-1.2
// The moderator's phone asks each second, like the wall, how many have answered the running poll. Only the numbers are
// exchanged: a button must not move under a thumb. Without this script the page is loaded again by hand.

import { follow } from "./following.js";

const place = document.querySelector("[data-poll-numbers]");
const changed = document.querySelector("[data-poll-changed]");

const poll = (root) => root.querySelector("[data-poll-of]")?.dataset.pollOf ?? "";

// Says whether the poll on this page still runs.
function show(next) {
  if (poll(next) !== poll(place)) {
    changed.textContent = changed.dataset.words;
    return false;
  }
  place.replaceChildren(...next.childNodes);
  return true;
}

if (place) follow(place.dataset.pollNumbers, { every: 1000, slowest: 10 * 1000, show });
