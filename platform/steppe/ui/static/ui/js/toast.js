// A short word at the edge of the screen. From JS: toast("…", { kind }); from the server: HX-Trigger {"toast": …}.

import { icon } from "./lib/dom.js";

const SHAPES = { good: "s-closed", bad: "overdue", info: "info" };
const STAY = 5000;

export function toast(text, options) {
  const given = options || {};
  const place = document.getElementById("toasts");
  if (!place || !text) return;
  const note = document.createElement("div");
  const words = document.createElement("span");
  const kind = given.kind || "info";
  note.className = "toast toast-" + kind;
  note.setAttribute("role", kind === "bad" ? "alert" : "status");
  words.textContent = text;
  note.appendChild(icon(SHAPES[kind] || "info"));
  note.appendChild(words);
  place.appendChild(note);
  setTimeout(() => note.remove(), given.stay || (kind === "bad" ? 2 * STAY : STAY));
}

document.addEventListener("toast", (event) => {
  const detail = event.detail || {};
  toast(detail.text || detail.value, detail);
});
