// SPDX-FileCopyrightText: 2026 Charta contributors
// SPDX-License-Identifier: EUPL-1.2
// The moderation sees every few seconds how many have voted, like the wall. Without this script the page is loaded
// again by hand.

import { follow } from "./following.js";

const place = document.querySelector("[data-turnout]");
const over = document.querySelector("[data-turnout-over]");

const show = (next) => place.replaceChildren(...next.childNodes);
const gone = () => { over.textContent = over.dataset.words; };

if (place) follow(place.dataset.turnout, { every: 5000, slowest: 60 * 1000, show, gone });
