// SPDX-FileCopyrightText: 2026 Charta contributors
// SPDX-License-Identifier: EUPL-1.2
// Keys of the moderation queue: j k a c r / ? while no field has the focus. Everything they do is a link or a
// button of the page; without this script those are used. The keys can be switched off in the help dialog.

import { deeds, say, setUpKeys, walk } from "./desk_keys.js";

const desk = document.querySelector("[data-queue]");
const form = document.querySelector("[data-queue-form]");

// Requests for changes and refusals need a reason.
const act = deeds(form);
const decide = (value, needsReason) => act(form?.querySelector(`button[value="${value}"]`), needsReason);

setUpKeys({
  j: () => walk(desk, 1),
  k: () => walk(desk, -1),
  a: () => decide("uebernehmen", false),
  c: () => decide("ueberarbeiten", true),
  r: () => decide("ablehnen", true),
  "/": () => document.getElementById("filter-feld")?.focus(),
});

// After a decision or a step the new proposal is where the reader goes on; a region that is filled late is spoken.
const address = new URLSearchParams(location.search);
if ((address.has("nr") || address.has("nach")) && !document.querySelector(".ch-errors")) {
  const title = document.getElementById("vorschlag");
  title?.focus({ preventScroll: true });
  const message = document.querySelector(".ch-flash p")?.textContent;
  if (message) setTimeout(() => say(message), 150);
}
desk?.querySelector(".ch-q[aria-current]")?.scrollIntoView({ block: "nearest" });
