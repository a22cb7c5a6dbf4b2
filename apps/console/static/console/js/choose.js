// Choosing a row opens its ticket beside the list and lights its marker; a change of the ticket renews the sheet.

const PAUSE = 110; // J held down walks past rows without asking for each
const WIDE = "(min-width: 861px)";
const side = document.getElementById("side");
let wanted = "";
let timer = 0;
let asked = false; // somebody chose a row: on a phone the sheet lies below the list

function load(id) {
  const url = side.dataset.side.replace("/0/", "/" + encodeURIComponent(id) + "/");
  window.htmx.ajax("GET", url, { target: "#side", swap: "innerHTML" });
}

function choose(id, wait) {
  asked = id !== wanted;
  wanted = id;
  clearTimeout(timer);
  timer = setTimeout(() => load(id), wait);
  light();
  remember(id);
}

/** The address names the ticket, so that a reload comes back to it. */
function remember(id) {
  const address = new URL(window.location.href);
  address.searchParams.set("t", id);
  window.history.replaceState(null, "", address);
}

function light() {
  document.querySelectorAll(".map-marker").forEach((marker) => {
    marker.classList.toggle("is-chosen", marker.dataset.marker.split(" ").includes(wanted));
  });
}

/** Somebody works in the sheet: leave it alone, its own answer will renew it. */
function isBusy() {
  const within = side.contains(document.activeElement) && document.activeElement.matches("input,textarea,select");
  return within || Boolean(document.querySelector("fs-dialog[open]")) || Boolean(side.querySelector("[aria-busy=true]"));
}

function onRow({ id, row }) {
  const shown = side.querySelector("[data-side-id]");
  if (id !== wanted || isBusy()) return;
  if (shown && shown.dataset.sideId === id && Number(shown.dataset.v) >= Number(row.dataset.v || Infinity)) return;
  load(id);
}

/** A refusal is seen, however far down in the sheet the button was; first what stands at a field. */
function onSheet(event) {
  if (event.target !== side) return;
  const wrong = side.querySelector(".field-error") || side.querySelector("[role=alert]");
  if (wrong) window.requestAnimationFrame(() => wrong.scrollIntoView({ block: "center" })); // what is not asked is away
  else if (asked && !window.matchMedia(WIDE).matches) side.scrollIntoView({ block: "start" });
  asked = false;
}

function list() {
  return document.querySelector("fs-list");
}

/** At the start: the ticket of the address, else the first row (not on a phone, where the sheet is below). */
function begin() {
  const named = side.dataset.chosen;
  const row = (named && document.getElementById("t-" + named)) || list().querySelector("[id^='t-']");
  if (named && !document.getElementById("t-" + named)) choose(named, 0);
  else if (row && (named || window.matchMedia(WIDE).matches)) list().choose(row);
}

function next(id) {
  const rows = list().rows();
  const at = rows.findIndex((row) => row.id === "t-" + id);
  const row = rows[at + 1] || rows[at - 1];
  if (row) setTimeout(() => list().choose(row), 600);
}

if (side && list()) {
  document.addEventListener("list:choose", (event) => choose(event.detail.id, PAUSE));
  document.addEventListener("live:row", (event) => onRow(event.detail));
  document.addEventListener("desk:next", (event) => next(event.detail.id));
  document.addEventListener("htmx:afterSwap", (event) => event.target.id === "map" && light());
  document.addEventListener("htmx:afterSwap", onSheet);
  document.addEventListener("click", (event) => {
    const marker = event.target.closest(".map-marker");
    if (!marker || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const ids = marker.dataset.marker.split(" ");
    const id = ids[(ids.indexOf(wanted) + 1) % ids.length]; // several at one place: one after the other
    const row = document.getElementById("t-" + id);
    if (row) list().choose(row);
    else choose(id, 0);
  });
  if (window.htmx) begin();
  else window.addEventListener("DOMContentLoaded", begin);
}
