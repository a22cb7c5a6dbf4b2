// "Show more": once a second page is shown, a fresh list has to reach as far.

document.addEventListener("htmx:beforeSwap", (event) => {
  const link = event.detail.requestConfig && event.detail.requestConfig.elt;
  const live = document.querySelector("fs-live");
  if (live && link && link.dataset && link.dataset.upto) live.dataset.reach = link.dataset.upto;
});

document.addEventListener("htmx:afterSettle", () => {
  const live = document.querySelector("fs-live");
  const button = document.querySelector("#more [data-upto]");
  if (!live || !live.dataset.reach) return;
  live.dataset.snapshot = button ? button.dataset.upto : live.dataset.reach.replace(/&upto=.*/, "&upto=9999-12-31T00:00:00Z|~");
});
