// SPDX-FileCopyrightText: 2026 Charta contributors
// SPDX-License-Identifier: EUPL-1.2
// The reading pages, quicker: a paragraph's panel opens in place, the table of contents follows the reader, a
// link to a paragraph can be copied. Without this file the same links load the page again.

/** Fetch an open paragraph from the page of its section: its panel, and the words marked that people speak of. */
async function fetchOpened(address, rn) {
  const url = new URL(address, location.href);
  url.searchParams.set("rn", rn);
  const answer = await fetch(url, { headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(`panel: ${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const opened = page.querySelector(".ch-para.is-open");
  return opened?.querySelector(":scope > .ch-panel") ? opened : null;
}

/** What a paragraph shows besides its number, which stays where it is and keeps the focus. */
const contents = (para) => [...para.childNodes].filter((node) => !node.classList?.contains("ch-rn"));
let closed = null; // the paragraph that was opened here, and what it showed before

function show(para, nodes) {
  for (const node of contents(para)) node.remove();
  para.append(...nodes);
}

function close() {
  if (closed) show(closed.para, closed.nodes);
  closed = null;
  for (const panel of document.querySelectorAll(".ch-para > .ch-panel")) panel.remove();
  for (const para of document.querySelectorAll(".ch-para.is-open")) {
    para.classList.remove("is-open");
    para.querySelector(".ch-rn")?.removeAttribute("aria-expanded");
  }
}

async function open(para) {
  const link = para.querySelector(".ch-rn");
  const source = para.closest("[data-panel]")?.dataset.panel;
  let opened;
  try {
    opened = await fetchOpened(source, para.dataset.rn);
  } catch {
    opened = null;
  }
  if (!opened) {
    location.assign(link.href); // the long way always works
    return;
  }
  close();
  para.classList.add("is-open");
  link.setAttribute("aria-expanded", "true");
  document.adoptNode(opened);
  // Words that show where they come from keep their colours; others get the marks of what is said about them.
  if (para.querySelector(".ch-src")) {
    para.append(opened.querySelector(":scope > .ch-panel"));
  } else {
    closed = { para, nodes: contents(para).filter((node) => !node.classList?.contains("ch-choose")) };
    show(para, contents(opened));
  }
  para.dispatchEvent(new CustomEvent("charta:shown", { bubbles: true }));
  // The page keeps its own address, so that a copied link and a reload lead here.
  history.replaceState(null, "", link.href);
}

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const target = event.target instanceof Element ? event.target : null;
  const copy = target?.closest("[data-copy]");
  if (copy && navigator.clipboard) {
    event.preventDefault();
    const words = copy.querySelector("[data-copied]");
    navigator.clipboard.writeText(new URL(copy.getAttribute("href"), location.href.split("?")[0]).href).then(() => {
      words.textContent = words.dataset.copied;
    });
    return;
  }
  const para = target?.closest(".ch-para[data-rn]");
  if (!para || target.closest(".ch-panel")) return;
  const link = target.closest("a");
  const isNumber = link?.classList.contains("ch-rn");
  if (link && !isNumber) return;
  // Who marks words with the mouse wants the words, not the panel.
  if (!isNumber && String(getSelection())) return;
  if (isNumber) event.preventDefault();
  if (para.classList.contains("is-open")) {
    close();
    const here = new URL(location.href);
    here.searchParams.delete("rn");
    here.hash = para.id;
    history.replaceState(null, "", here);
  } else {
    open(para);
  }
});

document.addEventListener("keydown", (event) => {
  const para = event.key === "Escape" && document.querySelector(".ch-para.is-open");
  if (!para) return;
  const inside = para.contains(document.activeElement);
  close();
  if (inside) para.querySelector(".ch-rn").focus();
});

/** Show in the table of contents which section is being read, and only what stands beside it. */
function followReader(toc) {
  const links = new Map();
  for (const link of toc.querySelectorAll('a[href^="#"]')) {
    const heading = document.getElementById(link.hash.slice(1));
    if (heading) links.set(heading.closest("section") ?? heading, link);
  }
  if (!links.size) return;
  const lists = [...toc.querySelectorAll("ol ol")];
  let shown = null;
  const show = (link) => {
    if (link === shown) return;
    shown?.removeAttribute("aria-current");
    link.setAttribute("aria-current", "location");
    shown = link;
    for (const list of lists) list.hidden = !list.parentElement.contains(link);
  };
  const visible = new Set();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (entry.isIntersecting) visible.add(entry.target);
        else visible.delete(entry.target);
      }
      for (const [section, link] of links) {
        if (visible.has(section)) {
          show(link);
          return;
        }
      }
    },
    { rootMargin: "-15% 0px -70% 0px" },
  );
  for (const section of links.keys()) observer.observe(section);
  show(links.values().next().value);
}

for (const toc of document.querySelectorAll("[data-toc]")) followReader(toc);

/** The legend filters as soon as a source is chosen or left out; the switch above it shows and hides the origin. */
for (const form of document.querySelectorAll("form[data-legend]")) {
  for (const button of form.querySelectorAll("[data-legend-button]")) button.hidden = true;
  form.addEventListener("change", () => form.requestSubmit());
}
