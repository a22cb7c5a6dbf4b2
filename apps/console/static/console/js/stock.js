// Lines of a stock document: what an item has not is not asked for; a scanner's Enter goes on and sends nothing.

function offered(text) {
  const list = document.getElementById("goods");
  if (!list || !text) return null;
  return Array.from(list.options).find((one) => [one.value, one.dataset.barcode, one.dataset.name].includes(text)) || null;
}

function recognise(input) {
  const line = input.closest("[data-line]");
  if (!line) return;
  const found = offered(input.value.trim());
  ["any", "quantity", "serialized", "batch", "tool"].forEach((kind) => line.classList.remove("is-" + kind));
  line.classList.add("is-" + (found ? found.dataset.kind : "any"));
  const name = line.querySelector("[data-item-name]");
  if (name) name.textContent = found ? found.dataset.name + " · " + found.dataset.unit : "";
}

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-item]")) recognise(event.target);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || event.ctrlKey || !event.target.matches("[data-paper] input")) return;
  event.preventDefault(); // a hand scanner ends every code with Enter
  const line = event.target.closest("[data-line]");
  const inside = line ? Array.from(line.querySelectorAll("input, textarea")).filter((one) => one.offsetParent) : [];
  const next = inside[inside.indexOf(event.target) + 1];
  if (next) next.focus();
});

/** An open menu closes by Escape or a click elsewhere. */
document.addEventListener("click", (event) => {
  document.querySelectorAll(".stock-menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.querySelectorAll(".stock-menu[open]").forEach((menu) => {
    menu.open = false;
    menu.querySelector("summary").focus();
  });
});
