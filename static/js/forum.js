// SPDX-FileCopyrightText: 2026 Charta contributors
// SPDX-License-Identifier: EUPL-1.2
// Handing in on bad Wi-Fi: what is typed is kept on the device until it has arrived, a lost connection says so
// and is tried again, similar contributions appear while typing. Without this script the form sends itself and
// a button shows similar ones.

const PAUSE = 700; // after the last key
const ENOUGH = 20;
const PATIENCE = 20_000;
const RETRIES = [4_000, 8_000, 15_000, 30_000];

const place = (name) => `charta-beitrag:${name}`;

function keep(name, draft) {
  try {
    if (draft) localStorage.setItem(place(name), JSON.stringify(draft));
    else localStorage.removeItem(place(name));
    return true;
  } catch { return false; } // private windows: nothing can be kept, nothing is promised
}

function kept(name) {
  try { return JSON.parse(localStorage.getItem(place(name)) || "null"); } catch { return null; }
}

const arrived = document.querySelector("[data-handed-in]");
if (arrived) keep(arrived.dataset.handedIn, null);

const form = document.querySelector("form[data-hand-in]");
if (form) handIn(form);

function handIn(form) {
  const text = form.elements.text;
  const once = form.elements.once_key;
  const saved = form.querySelector("[data-saved]");
  const send = form.querySelector("[data-send]");
  const lost = form.querySelector("[data-lost-line]");
  const words = send.textContent;
  let isSending = false;
  let tries = 0;
  let timer = 0;

  // The key goes with the text: sent again after a reload it is the same contribution.
  const store = () => {
    const draft = text.value.trim() ? { text: text.value, once: once.value } : null;
    saved.hidden = !(keep(form.dataset.draft, draft) && draft);
  };
  const draft = kept(form.dataset.draft);
  if (draft && !text.value) {
    text.value = draft.text;
    if (draft.once) once.value = draft.once;
    saved.hidden = false;
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }
  text.addEventListener("input", store);

  const waiting = (sentence) => {
    lost.textContent = sentence;
    lost.hidden = false;
    send.textContent = form.dataset.again;
    clearTimeout(timer);
    timer = setTimeout(post, RETRIES[Math.min(tries, RETRIES.length - 1)]);
    tries += 1;
  };

  async function post() {
    if (isSending) return;
    isSending = true;
    clearTimeout(timer);
    store();
    send.textContent = form.dataset.sending;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.ok && answer.headers.get("Content-Type")?.startsWith("application/json")) {
        const { url } = await answer.json();
        keep(form.dataset.draft, null);
        location.assign(url);
      } else if (answer.status >= 500) {
        waiting(form.dataset.failed);
      } else {
        form.submit(); // refused: the page says why, with the text on it
      }
    } catch {
      waiting(form.dataset.lost);
    } finally {
      isSending = false;
    }
  }

  form.addEventListener("submit", (event) => {
    if (event.submitter && event.submitter !== send) return;
    event.preventDefault();
    tries = 0;
    post();
  });
  addEventListener("online", () => { if (!lost.hidden) post(); });
  addEventListener("pageshow", () => { send.textContent = words; });

  similarOnes(form, text);
}

function similarOnes(form, text) {
  const section = form.querySelector("[data-similar-list]");
  const list = section.querySelector("ul");
  const none = section.querySelector("[data-similar-none]");
  const template = (name) => form.querySelector(`template[data-similar-${name}]`).content.firstElementChild;
  let timer = 0;
  let asked = null;

  form.querySelector("[data-without-script]").hidden = true;
  none.hidden = true;
  if (!list.children.length) section.hidden = true;

  const body = (more) => {
    const data = new FormData();
    data.set("csrf_token", form.elements.csrf_token.value);
    for (const [name, value] of Object.entries(more)) data.set(name, value);
    return { method: "POST", body: data, headers: { Accept: "application/json" } };
  };

  function line(one) {
    const item = template("item").cloneNode(true);
    const link = item.querySelector("a");
    link.href = one.url;
    link.textContent = one.title;
    item.querySelector(".ch-meta").textContent = one.count;
    const button = item.querySelector("button");
    button.querySelector(".ch-vh").textContent = `: ${one.title}`;
    if (one.is_own) button.replaceWith(template("own").cloneNode(true));
    else if (one.is_supported) button.replaceWith(template("done").cloneNode(true));
    else {
      button.addEventListener("click", async () => {
        try {
          const answer = await fetch(one.support_url, body({}));
          if (!answer.ok) throw new Error(answer.statusText);
          item.querySelector(".ch-meta").textContent = (await answer.json()).count;
          button.replaceWith(template("done").cloneNode(true));
        } catch { button.lastElementChild.textContent = `: ${form.dataset.failed}`; }
      });
    }
    return item;
  }

  async function ask() {
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(form.dataset.similar, { ...body({ text: text.value }), signal: asked.signal });
      if (!answer.ok) return;
      const { items } = await answer.json();
      list.replaceChildren(...items.map(line));
      section.hidden = !items.length;
    } catch { /* no connection, or a newer question: similar ones are a comfort */ }
  }

  text.addEventListener("input", () => {
    clearTimeout(timer);
    if (text.value.trim().length >= ENOUGH) timer = setTimeout(ask, PAUSE);
    else section.hidden = true;
  });
  if (text.value.trim().length >= ENOUGH && !list.children.length) timer = setTimeout(ask, PAUSE);
}
