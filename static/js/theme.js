// SPDX-FileCopyrightText: 2026 Charta contributors
// SPDX-License-Identifier: EUPL-1.2
// Light, dark or as the device: the choice stays in this browser (no cookie, the server never learns it).
// Not a module: it runs before the page is drawn, or the page would flash. Without it the device decides.
(() => {
  const KEY = "charta-theme";
  const root = document.documentElement;
  const read = () => {
    try { return localStorage.getItem(KEY); } catch { return null; }
  };
  const apply = (value) => {
    if (value === "light" || value === "dark") root.dataset.theme = value;
    else delete root.dataset.theme;
  };
  apply(read());

  document.addEventListener("DOMContentLoaded", () => {
    for (const group of document.querySelectorAll("[data-theme-choice]")) {
      const buttons = [...group.querySelectorAll("button")];
      const show = () => {
        for (const button of buttons) button.setAttribute("aria-pressed", String(button.value === (read() || "auto")));
      };
      for (const button of buttons) {
        button.addEventListener("click", () => {
          try {
            if (button.value === "auto") localStorage.removeItem(KEY);
            else localStorage.setItem(KEY, button.value);
          } catch { /* private mode: the choice holds for this page only */ }
          apply(button.value);
          show();
        });
      }
      show();
      group.hidden = false;
    }
  });
})();
