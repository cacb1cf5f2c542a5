// SPDX-FileCopyrightText: 2026 Charta contributors
// SPDX-License-Identifier: EUPL-1.2
// Following the link of a notice marks it as read: its form is sent beside the way to the page.
// Without this script there is the button „Gelesen“.
function read(event) {
  const link = event.target.closest("[data-notice] a[href]");
  const line = link?.closest("[data-notice]");
  const form = line?.querySelector("form[data-read]");
  if (!form || event.button > 1) return;
  fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true, redirect: "manual" }).catch(() => {});
  // The page may stay open: the link may lead into another tab.
  line.classList.remove("is-new");
  line.querySelector("[data-new]")?.remove();
  form.remove();
}

document.addEventListener("click", read);
document.addEventListener("auxclick", read);
