// SPDX-FileCopyrightText: 2026 Charta contributors
// SPDX-License-Identifier: EUPL-1.2
// The moderation's list of comments, quicker: choose all of the page, see how many are chosen, and keep what can
// be done with them in sight. Without this file each box is ticked by itself and the deeds stand below the list.

const desk = document.querySelector("[data-comment-desk]");

if (desk) {
  const boxes = [...desk.querySelectorAll("input[name=kommentar]")];
  const all = desk.querySelector("[data-choose-all]");
  const together = desk.querySelector("[data-together]");
  const count = desk.querySelector("[data-chosen-count]");
  const whole = all.querySelector("input");

  const show = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    whole.checked = chosen === boxes.length;
    whole.indeterminate = chosen > 0 && chosen < boxes.length;
    together?.classList.toggle("is-on", chosen > 0);
    if (count) count.textContent = chosen ? desk.dataset.chosen.replace("{count}", String(chosen)) : "";
  };

  all.hidden = boxes.length < 2 || !together;
  whole.addEventListener("change", () => {
    for (const box of boxes) box.checked = whole.checked;
    show();
  });
  for (const box of boxes) box.addEventListener("change", show);
  show();
}
