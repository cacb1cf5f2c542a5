// SPDX-FileCopyrightText: 2026 Charta contributors
// SPDX-License-Identifier: EUPL-1.2
// Comforts for deciding: the mail of the chosen decision with the typed reason, and the live result of an
// overlap. Without this script all mails are listed, and a button shows the result.

// What edit.js kept of a form that was sent: it has arrived.
try {
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith("charta-draft:"))) {
    if (JSON.parse(localStorage.getItem(key)).sent) localStorage.removeItem(key);
  }
} catch { /* private mode, or not ours */ }

for (const form of document.querySelectorAll("form[data-decide]")) {
  const mails = [...form.querySelectorAll("[data-mail-for]")];
  const hints = new Map(mails.map((mail) => [mail, mail.querySelector("[data-mail-reason]").textContent]));
  const show = () => {
    const chosen = form.elements.decision?.value;
    for (const mail of mails) {
      mail.hidden = Boolean(chosen) && mail.dataset.mailFor !== chosen;
      const line = mail.querySelector("[data-mail-reason]");
      line.textContent = form.elements.reason.value.trim() || hints.get(mail);
    }
  };
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  show();
}

for (const form of document.querySelectorAll("form[data-overlap]")) {
  const result = form.querySelector("[data-result]");
  if (!result) continue;
  form.querySelector("[data-preview-button]").hidden = true;
  let timer, asked = 0;
  const ask = async () => {
    const mine = ++asked;
    try {
      const answer = await fetch(location.href, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, credentials: "same-origin" });
      const json = await answer.json();
      if (mine === asked && json.html) result.innerHTML = json.html;
    } catch { /* no connection: the last result stays */ }
  };
  form.addEventListener("input", (event) => {
    // Writing an own wording chooses it.
    const own = event.target.dataset.own;
    if (own) document.getElementById(own).checked = true;
    if (event.target.name === "reason") return;
    for (const part of form.querySelectorAll(".ch-overlap")) part.classList.toggle("is-open", !part.querySelector("input[type=radio]:checked"));
    clearTimeout(timer);
    timer = setTimeout(ask, 400);
  });
}
