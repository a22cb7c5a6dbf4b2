// The line beside the location button: how exact it is, and the way to take it back.

import { fill } from "../../ui/js/lib/dom.js";

document.addEventListener("wx:location", (event) => {
  event.target.querySelectorAll("[data-place-accuracy]").forEach((note) => {
    const metres = event.detail.accuracy_m;
    note.textContent = metres ? fill(note.dataset.placeAccuracy, { n: metres }) : "";
  });
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-place-clear]");
  const place = button && button.closest("fs-wx");
  if (!place) return;
  place.removeAttribute("data-state");
  place.querySelectorAll("[data-wx-field]").forEach((input) => (input.value = ""));
});
