// SPDX-FileCopyrightText: 2026 Charta contributors
// SPDX-License-Identifier: EUPL-1.2
// Three comforts for forms: counting characters, one submission per click, selects that apply themselves.
// Every form works without them.

// Characters are code points after NFC, as the server counts them.
const length = (text) => [...text.normalize("NFC")].length;
const number = new Intl.NumberFormat(document.documentElement.lang || "de");

function countIn(part) {
  for (const line of part.querySelectorAll(".ch-counter[data-for]")) {
    const input = document.getElementById(line.dataset.for);
    if (!input) continue;
    const limit = Number(input.dataset.counter);
    const show = () => {
      const count = length(input.value);
      const over = count - limit;
      line.classList.toggle("is-over", over > 0);
      line.textContent = (over > 0 ? line.dataset.over : line.dataset.words)
        .replace("{count}", number.format(count))
        .replace("{limit}", number.format(limit))
        .replace("{over}", number.format(over));
      // Spoken only when the limit comes near, or every key would be announced.
      if (count > limit * 0.9) line.setAttribute("aria-live", "polite");
      else line.removeAttribute("aria-live");
    };
    input.addEventListener("input", show);
    show();
  }
}

countIn(document);
// A part of the page that came later, as the panel of a paragraph.
document.addEventListener("charta:shown", (event) => countIn(event.target));

// A second click within five seconds does not send twice; the button stays usable for keyboards and readers.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent && Date.now() - Number(form.dataset.sent) < 5000) event.preventDefault();
  else form.dataset.sent = Date.now();
});

// <select data-apply> in a GET form: choosing submits; its button (data-apply-button) is then not needed.
for (const select of document.querySelectorAll("select[data-apply]")) {
  select.form?.querySelectorAll("[data-apply-button]").forEach((button) => { button.hidden = true; });
  select.addEventListener("change", () => select.form?.requestSubmit());
}

// Going back in the browser shows the page again with its buttons working.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
