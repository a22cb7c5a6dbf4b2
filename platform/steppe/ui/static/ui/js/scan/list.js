// <textarea data-scan-list>: how many numbers stand in it, and which of them twice.

import { fill } from "../lib/dom.js";

const SPLIT = /[\s,;，；]+/;
const READ_AS = /(^|[^A-Z0-9])(CODE_?\d+|EAN_?\d+|UPC_?[AE]|ITF(_?\d+)?|CODABAR|QR_?CODE|DATA_?MATRIX|PDF_?417),/gi;
const SHOWN = 3;

/** The numbers as the server will read them. */
export function numbersIn(text) {
  return text.replace(READ_AS, "$1").toUpperCase().split(SPLIT).filter(Boolean);
}

export function addLine(area, text) {
  const before = area.value.replace(/\s+$/, "");
  area.value = (before ? before + "\n" : "") + text + "\n";
  area.scrollTop = area.scrollHeight;
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Writes the line below the list; makes it when it is not there. */
export function tell(area, words) {
  const said = below(area, words);
  const all = numbersIn(area.value);
  const twice = Array.from(new Set(all.filter((one, place) => all.indexOf(one) !== place)));
  said.count.textContent = all.length ? fill(words.tCount, { n: new Set(all).size }) : "";
  said.twice.hidden = !twice.length;
  const named = twice.slice(0, SHOWN).join(", ") + (twice.length > SHOWN ? " …" : "");
  said.twice.textContent = twice.length ? fill(words.tTwice, { numbers: named }) : "";
  said.tidy.hidden = !twice.length;
  area.classList.toggle("has-twice", twice.length > 0);
}

function below(area, words) {
  const next = area.nextElementSibling;
  if (next && next.classList.contains("scan-list")) return parts(next);
  const line = document.createElement("p");
  line.className = "scan-list";
  line.setAttribute("role", "status");
  line.innerHTML = '<span class="num"></span> <span class="warn"></span> <button type="button" class="link-button"></button>';
  area.insertAdjacentElement("afterend", line);
  const made = parts(line);
  made.tidy.textContent = words.tTidy;
  made.tidy.addEventListener("click", () => {
    area.value = Array.from(new Set(numbersIn(area.value))).join("\n") + "\n";
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
  return made;
}

function parts(line) {
  const [count, twice, tidy] = Array.from(line.children);
  return { count, twice, tidy };
}
