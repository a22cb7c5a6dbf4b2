// A card that another has taken says so for a while, then makes room. Nothing moves at once.

const STAY = 45000;

function later(card) {
  setTimeout(() => card.remove(), STAY);
}

document.addEventListener("live:row", (event) => {
  if (event.detail.row.dataset.taken !== undefined) later(event.detail.row);
});

document.addEventListener("htmx:afterSwap", (event) => {
  const card = document.querySelector("article[data-taken]:not([data-leaving])");
  if (!card) return;
  card.setAttribute("data-leaving", "");
  later(card);
});
