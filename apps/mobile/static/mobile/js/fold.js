// What a fold opens is seen: it stands at the end of the page, half of it behind the bar at the foot.
document.addEventListener("click", (event) => {
  const summary = event.target.closest(".fold-act > summary");
  const fold = summary && summary.parentElement;
  if (fold) setTimeout(() => fold.open && fold.scrollIntoView({ block: "center" }), 0);
});
