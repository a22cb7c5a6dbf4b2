// Receiving by scanning: each number of the paper is ticked as soon as it stands in the list.

import { numbersIn } from "../../ui/js/scan/list.js";

function tick() {
  const area = document.getElementById("scanned");
  const here = new Set(numbersIn(area.value));
  let ticked = 0;
  document.querySelectorAll("[data-number]").forEach((one) => {
    const found = here.has(one.dataset.number);
    one.classList.toggle("is-here", found);
    ticked += found ? 1 : 0;
  });
  document.querySelector("[data-ticked]").textContent = ticked;
}

document.getElementById("scanned").addEventListener("input", tick);
tick();
