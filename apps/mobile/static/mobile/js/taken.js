// A card that another has taken says so for a while, then makes room. Nothing moves at once.

const STAY = 45000;

document.addEventListener("live:row", (event) => {
  const card = event.detail.row;
  if (card.dataset.taken !== undefined) setTimeout(() => card.remove(), STAY);
});
