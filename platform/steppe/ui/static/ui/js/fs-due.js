// <fs-due>: a countdown by the server's clock. Same steps as steppe.ui.formatting.duration.

import { define, fill, icon } from "./lib/dom.js";
import { everySecond, serverNow } from "./lib/clock.js";

export function durationParts(seconds) {
  const left = Math.floor(Math.abs(seconds));
  const days = Math.floor(left / 86400);
  const hours = Math.floor((left % 86400) / 3600);
  const minutes = Math.floor((left % 3600) / 60);
  if (days) return hours ? [["d", days], ["h", hours]] : [["d", days]];
  if (hours) return minutes ? [["h", hours], ["m", minutes]] : [["h", hours]];
  return minutes ? [["m", minutes]] : [["s", left]];
}

class FsDue extends HTMLElement {
  connectedCallback() {
    if (this.dataset.stopped !== undefined) return;
    this.stop = everySecond(() => this.show());
    this.show();
  }

  disconnectedCallback() {
    if (this.stop) this.stop();
  }

  show() {
    const words = this.dataset;
    const left = (Number(words.at) - serverNow()) / 1000;
    const named = { d: words.tD, h: words.tH, m: words.tM, s: words.tS };
    const time = durationParts(left).map(([unit, n]) => fill(named[unit], { n })).join(" ");
    const text = fill(left < 0 ? words.tOver : words.tLeft, { t: time });
    const label = this.querySelector(".due-text") || this;
    if (label.textContent !== text) label.textContent = text;
    this.mood(left < 0 ? "is-over" : left <= Number(words.soon) ? "is-soon" : "is-fine");
  }

  mood(name) {
    if (this.classList.contains(name)) return;
    this.classList.remove("is-over", "is-soon", "is-fine");
    this.classList.add(name);
    const old = this.querySelector("svg");
    if (old) old.replaceWith(icon(name === "is-over" ? "overdue" : "due"));
    this.dispatchEvent(new CustomEvent("due:mood", { detail: { mood: name }, bubbles: true }));
  }
}

define("fs-due", FsDue);
