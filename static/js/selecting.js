// SPDX-FileCopyrightText: 2026 Charta contributors
// SPDX-License-Identifier: EUPL-1.2
// Words chosen with mouse, keyboard or touch in a paragraph get a button „Dazu kommentieren“. It leads to the
// paragraph's panel with these words, which the server writes; without this file one comments on paragraphs.

const text = document.querySelector("[data-selecting]");
// What the server does not count: numbers, notes, spoken words, panels, marks of comments.
const OUTSIDE = ".ch-rn, .ch-vh, .ch-fnref, .ch-fnback, .ch-panel, .ch-marks, .ch-choose, .ch-note, .ch-b__mark, del, sup";

/** Letters and digits a reader counts in a piece of the page. */
function letters(part) {
  for (const outside of part.querySelectorAll(OUTSIDE)) outside.remove();
  return (part.textContent.match(/[\p{L}\p{N}]/gu) ?? []).length;
}

/** Letters and digits of the paragraph before a boundary of the selection. */
function lettersBefore(para, node, offset) {
  const range = document.createRange();
  range.setStart(para, 0);
  range.setEnd(node, offset);
  const part = document.createElement("div");
  part.append(range.cloneContents());
  let count = letters(part);
  if (!para.dataset.absatz) return count;
  // A comparison shows each line of a list as a block of its own.
  for (const other of text.querySelectorAll(`[data-absatz="${para.dataset.absatz}"]`)) {
    if (other === para) break;
    count += letters(other.cloneNode(true));
  }
  return count;
}

function paraOf(node) {
  const element = node instanceof Element ? node : node.parentElement;
  const para = element?.closest(".ch-para[data-rn], [data-absatz]");
  return para && text.contains(para) && !element.closest(".ch-panel, .ch-marks") ? para : null;
}

/** The chosen words as (paragraph, from, to), cut to the first paragraph; null when there are none. */
function chosen() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const para = paraOf(range.startContainer);
  if (!para) return null;
  const inside = paraOf(range.endContainer) === para;
  const from = lettersBefore(para, range.startContainer, range.startOffset);
  const end = inside ? [range.endContainer, range.endOffset] : [para, para.childNodes.length];
  const to = lettersBefore(para, ...end);
  return to > from ? { para, from, to, range: range.cloneRange() } : null;
}

const button = document.createElement("a");
button.className = "ch-btn ch-btn--primary ch-btn--small ch-choose";
button.textContent = text?.dataset.selecting ?? "";

// Pressing the button must not end the selection it stands for.
button.addEventListener("mousedown", (event) => event.preventDefault());

/** Keep the words visible when the browser's own selection goes away; nothing where it cannot. */
function highlight(range) {
  if (!globalThis.Highlight || !CSS.highlights) return;
  if (range) CSS.highlights.set("ch-chosen", new Highlight(range));
  else CSS.highlights.delete("ch-chosen");
}

function offer() {
  if (button.contains(document.activeElement)) return;
  const found = chosen();
  if (!found) {
    button.remove();
    highlight(null);
    return;
  }
  const address = new URL(text.dataset.panel, location.href);
  const { rn, absatz } = found.para.dataset;
  address.searchParams.set(rn ? "rn" : "absatz", rn ?? absatz);
  address.searchParams.set("von", found.from);
  address.searchParams.set("bis", found.to);
  address.hash = "kommentare";
  button.href = address.href;
  highlight(found.range);
  // Directly after the words' paragraph in the order of the keyboard.
  if (button.parentElement !== found.para) found.para.append(button);
}

if (text) {
  let waiting = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(waiting);
    waiting = setTimeout(offer, 200);
  });
}
