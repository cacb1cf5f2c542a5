// SPDX-FileCopyrightText: 2026 Charta contributors
// SPDX-License-Identifier: EUPL-1.2
// Two comforts for comments: Ctrl+Enter sends, and „@“ offers names. Both work without it: a button sends,
// and the hint above the field leads to the list of names.

// The part of a name typed after the last „@“ before the cursor, or null.
function typed(area) {
  const before = area.value.slice(0, area.selectionStart);
  const found = /(?:^|\s)@([\p{L}\p{N}][\p{L}\p{N} .'-]{0,60})$/u.exec(before);
  return found ? found[1] : null;
}

function offer(form) {
  const area = form.querySelector("textarea");
  const address = form.dataset.names;
  if (!area || !address) return;
  const list = document.createElement("ul");
  list.className = "ch-mentions";
  list.id = `${area.id}-namen`;
  list.setAttribute("role", "listbox");
  list.hidden = true;
  area.after(list);
  area.setAttribute("aria-controls", list.id);
  area.setAttribute("aria-autocomplete", "list");
  let chosen = -1;
  let asked = 0;

  const close = () => { list.hidden = true; list.replaceChildren(); chosen = -1; area.removeAttribute("aria-activedescendant"); };

  const take = (name) => {
    const part = typed(area);
    if (part === null) return close();
    const end = area.selectionStart;
    area.setRangeText(`@${name} `, end - part.length - 1, end, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    close();
    area.focus();
    return undefined;
  };

  const mark = (at) => {
    chosen = at;
    [...list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === at)));
    if (at >= 0) area.setAttribute("aria-activedescendant", list.children[at].id);
  };

  const show = (people) => {
    list.replaceChildren(...people.slice(0, 8).map((one, index) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${index}`;
      item.setAttribute("role", "option");
      item.textContent = one.organisation ? `${one.name}, ${one.organisation}` : one.name;
      item.addEventListener("pointerdown", (event) => { event.preventDefault(); take(one.name); });
      item.dataset.name = one.name;
      return item;
    }));
    list.hidden = people.length === 0;
    if (people.length) mark(0);
  };

  area.addEventListener("input", async () => {
    const part = typed(area);
    if (part === null) return close();
    const mine = ++asked;
    const url = new URL(address, location.href);
    url.searchParams.set("suche", part);
    url.searchParams.set("format", "json");
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" } });
      if (mine === asked && answer.ok) show(await answer.json());
    } catch { close(); }
    return undefined;
  });
  area.addEventListener("blur", close);
  area.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const last = list.children.length - 1;
    if (event.key === "ArrowDown") mark(chosen >= last ? 0 : chosen + 1);
    else if (event.key === "ArrowUp") mark(chosen <= 0 ? last : chosen - 1);
    else if (event.key === "Enter" && chosen >= 0 && !event.ctrlKey && !event.metaKey) take(list.children[chosen].dataset.name);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
}

const offerIn = (part) => { for (const form of part.querySelectorAll("form[data-comment-form]")) offer(form); };
offerIn(document);
document.addEventListener("charta:shown", (event) => offerIn(event.target)); // a panel that was opened

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.target.closest?.("form[data-comment-form]")?.requestSubmit();
});
