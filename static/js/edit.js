// SPDX-FileCopyrightText: 2026 Charta contributors
// SPDX-License-Identifier: EUPL-1.2
// Comforts for writing: toolbar, saving while typing, live comparison. Without this script the same form works
// with its buttons. What cannot be sent stays in this browser until it can.

const SAVE_AFTER_MS = 1500;
const PREVIEW_AFTER_MS = 500;
const RETRY_MS = 10_000;

const later = (wait, deed) => {
  let timer;
  const call = () => { clearTimeout(timer); timer = setTimeout(deed, wait); };
  call.cancel = () => clearTimeout(timer);
  return call;
};

const post = async (url, data) => {
  const answer = await fetch(url, { method: "POST", body: data, headers: { Accept: "application/json" }, credentials: "same-origin" });
  const kind = answer.headers.get("Content-Type") ?? "";
  return { status: answer.status, json: kind.startsWith("application/json") ? await answer.json() : null };
};

/* ---------- Toolbar ---------- */

const LINE_MARKS = { heading: "### ", list: "- ", quote: "> " };
const WORD_MARKS = { strong: "**", em: "*" };

// setRangeText would lose the browser's own undo; insertText keeps it where it is supported.
const replace = (area, start, end, text, from, to) => {
  area.focus();
  area.setSelectionRange(start, end);
  if (!document.execCommand("insertText", false, text)) area.setRangeText(text, start, end, "end");
  area.setSelectionRange(from, to);
  area.dispatchEvent(new Event("input", { bubbles: true }));
};

const markWords = (area, sign) => {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const words = value.slice(start, end);
  const marked = value.slice(start - sign.length, start) === sign && value.slice(end, end + sign.length) === sign;
  if (marked) replace(area, start - sign.length, end + sign.length, words, start - sign.length, end - sign.length);
  else replace(area, start, end, sign + words + sign, start + sign.length, end + sign.length);
};

const markLines = (area, sign) => {
  const { selectionStart, selectionEnd, value } = area;
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const after = value.indexOf("\n", Math.max(selectionEnd - 1, start));
  const end = after < 0 ? value.length : after;
  const lines = value.slice(start, end).split("\n");
  const all = lines.every((line) => line.startsWith(sign));
  const text = lines.map((line) => (all ? line.slice(sign.length) : sign + line.replace(/^(#{3,6} |- |> )/, ""))).join("\n");
  replace(area, start, end, text, start, start + text.length);
};

const markLink = (area) => {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const words = value.slice(start, end) || "Text";
  const text = `[${words}](https://)`;
  replace(area, start, end, text, start + words.length + 11, start + words.length + 11);
};

const setUpToolbar = (form, area) => {
  const bar = form.querySelector("[data-toolbar]");
  if (!bar || !area) return;
  bar.hidden = false;
  const buttons = [...bar.querySelectorAll("button")];
  // One stop for the tab key; the arrow keys go on inside.
  buttons.forEach((button, index) => { button.tabIndex = index ? -1 : 0; });
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length];
    buttons.forEach((button) => { button.tabIndex = button === next ? 0 : -1; });
    next.focus();
    event.preventDefault();
  });
  const act = (mark) => {
    if (WORD_MARKS[mark]) markWords(area, WORD_MARKS[mark]);
    else if (LINE_MARKS[mark]) markLines(area, LINE_MARKS[mark]);
    else markLink(area);
  };
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-mark]");
    if (button) act(button.dataset.mark);
  });
  area.addEventListener("keydown", (event) => {
    const mark = { b: "strong", i: "em" }[event.key.toLowerCase()];
    if (!mark || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    event.preventDefault();
    act(mark);
  });
};

/* ---------- Pasting formatted text ---------- */

const PASTE_MAX = 200_000; // bytes, like the server
// Without one of these the plain words say the same (code editors wrap plain text in coloured spans).
const FORMATTED = /<(p|br|b|strong|i|em|u|a|h[1-6]|ul|ol|table|blockquote)[\s>]|font-(weight|style)/i;

const insert = (area, raw) => {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const text = raw.replace(/\n+$/, "");
  // Blocks need an empty line around them; a few words go on in their sentence.
  const isBlock = text.includes("\n") || /^(#|>|- |\d+\. |\|)/.test(text);
  const gap = (breaks) => (isBlock ? "\n".repeat(2 - breaks.length) : "");
  const before = start ? gap(value.slice(0, start).slice(-2).match(/\n*$/)[0]) : "";
  const after = end < value.length ? gap(value.slice(end, end + 2).match(/^\n*/)[0]) : "";
  const whole = before + text + after;
  replace(area, start, end, whole, start + whole.length, start + whole.length);
};

// Ctrl+Shift+V carries no HTML and never comes here.
const setUpPaste = (form, area) => {
  if (!area || !form.dataset.paste) return;
  area.addEventListener("paste", async (event) => {
    const html = event.clipboardData?.getData("text/html") ?? "";
    const words = event.clipboardData?.getData("text/plain") ?? "";
    if (!FORMATTED.test(html) || new Blob([html]).size > PASTE_MAX) return;
    event.preventDefault();
    const data = new FormData();
    data.append("csrf_token", form.elements.csrf_token.value);
    data.append("html", html);
    let text = words;
    try {
      text = (await post(form.dataset.paste, data)).json?.text || words;
    } catch { /* no connection: the plain words */ }
    if (text) insert(area, text);
  });
};

/* ---------- Live comparison ---------- */

const setUpPreview = (form) => {
  const body = form.querySelector("[data-preview-body]");
  if (!body || !form.dataset.preview) return;
  form.querySelector("[data-preview-button]")?.setAttribute("hidden", "");
  let asked = 0;
  const show = later(PREVIEW_AFTER_MS, async () => {
    const mine = ++asked;
    const data = new FormData();
    for (const name of ["csrf_token", "title", "body", "before", "after"]) {
      const field = form.elements[name];
      if (field) data.append(name, field.value);
    }
    if (form.dataset.number) data.append("number", form.dataset.number);
    else if (form.dataset.section) data.append("section_id", form.dataset.section);
    try {
      const answer = await post(form.dataset.preview, data);
      if (mine !== asked) return; // an older answer that came late
      if (answer.json?.html) body.innerHTML = answer.json.html;
      else if (answer.json?.errors) body.replaceChildren(...answer.json.errors.map((words) => Object.assign(document.createElement("p"), { className: "ch-small", textContent: words })));
    } catch { /* no connection: the last comparison stays */ }
  });
  form.addEventListener("input", (event) => { if (["title", "body"].includes(event.target.name)) show(); });
};

/* ---------- Saving while typing ---------- */

const TYPED = ["title", "body", "summary", "reason"];

const setUpSaving = (form) => {
  const line = form.querySelector("[data-saved]");
  if (!line) return;
  let shelf = `charta-draft:${location.pathname}${location.search}`;
  const say = (words, failed = false) => {
    if (line.textContent !== words) line.textContent = words;
    line.classList.toggle("ch-saved--failed", failed);
  };
  const typed = () => Object.fromEntries(TYPED.filter((name) => form.elements[name]).map((name) => [name, form.elements[name].value]));
  // `sent`: on its way with a button; proposal.js clears it on the page that says it has arrived.
  const keep = (sent = false) => {
    const entry = { at: Date.now(), edit: form.elements.seen_edit.value, sent, typed: typed() };
    try { localStorage.setItem(shelf, JSON.stringify(entry)); } catch { /* private mode */ }
  };
  const forget = () => { try { localStorage.removeItem(shelf); } catch { /* private mode */ } };

  let dirty = false, busy = false, leaving = false, address = form.getAttribute("action") || location.href;

  const save = async () => {
    if (!dirty || busy || leaving) return;
    busy = true;
    dirty = false;
    say(form.dataset.saving);
    try {
      const answer = await post(address, new FormData(form));
      if (answer.status === 200) {
        form.elements.seen_edit.value = answer.json.edit;
        if (answer.json.number && !form.dataset.number) {
          // The draft exists now: from here on it is saved, and found again, at its own address.
          form.dataset.number = answer.json.number;
          address = answer.json.url;
          form.setAttribute("action", answer.json.url);
          history.replaceState(history.state, "", answer.json.url);
          forget();
          shelf = `charta-draft:${location.pathname}${location.search}`;
        }
        if (dirty) keep();
        else forget();
        say(answer.json.saved);
        const others = document.querySelector("[data-presence]");
        if (others && typeof answer.json.presence === "string") {
          const words = others.querySelector("span");
          if (words.textContent !== answer.json.presence) words.textContent = answer.json.presence;
          others.hidden = !answer.json.presence;
        }
      } else if (answer.json?.errors?.length) {
        say(answer.json.errors[0], true);
      } else throw new Error(String(answer.status));
    } catch {
      dirty = true;
      say(form.dataset.offline, true);
      setTimeout(save, RETRY_MS);
    } finally {
      busy = false;
    }
  };
  const soon = later(SAVE_AFTER_MS, save);

  form.addEventListener("input", () => { dirty = true; keep(); soon(); });
  form.addEventListener("change", () => { dirty = true; soon(); });
  addEventListener("online", save);
  document.addEventListener("visibilitychange", () => { if (document.hidden) { soon.cancel(); save(); } });
  form.addEventListener("submit", () => { leaving = true; soon.cancel(); keep(true); });
  addEventListener("pageshow", () => { leaving = false; });
  document.querySelector("form[data-discard]")?.addEventListener("submit", () => { leaving = true; forget(); });

  // What was typed here and never arrived comes back, unless something was saved since.
  let found = null;
  try { found = JSON.parse(localStorage.getItem(shelf) ?? "null"); } catch { /* private mode, or not ours */ }
  if (!found || document.querySelector(".ch-errors")) return;
  const fits = Date.now() - found.at < 14 * 86_400_000 && found.edit === form.elements.seen_edit.value;
  const differs = Object.entries(found.typed).some(([name, value]) => form.elements[name] && form.elements[name].value !== value);
  if (!fits || !differs) { forget(); return; }
  for (const [name, value] of Object.entries(found.typed)) if (form.elements[name]) form.elements[name].value = value;
  form.elements.body?.dispatchEvent(new Event("input", { bubbles: true }));
  say(form.dataset.restored);
};

for (const form of document.querySelectorAll("form[data-draft], form[data-live]")) {
  setUpToolbar(form, form.elements.body);
  setUpPaste(form, form.elements.body);
  setUpPreview(form);
  if (form.matches("[data-draft]")) setUpSaving(form);
}
