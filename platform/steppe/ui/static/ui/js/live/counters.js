// The counter strip follows the list: asked for at most every two seconds, changed tile by tile.

import { ask } from "../lib/http.js";
import { enliven } from "../lib/dom.js";
import { parse } from "./fragment.js";

const PAUSE = 2000;

/** Its flash is over: compared is what the server wrote, so that only a new number is news. */
function calm(tile) {
  tile.classList.remove("is-changed");
  if (!tile.className) tile.removeAttribute("class");
}

export class Counters {
  constructor(url, lane) {
    this.url = url;
    this.lane = lane;
    this.timer = 0;
    this.last = 0;
  }

  touch() {
    if (!this.url || this.timer) return;
    const wait = Math.max(300, this.last + PAUSE - Date.now());
    this.timer = setTimeout(() => this.refresh(), wait);
  }

  async refresh() {
    this.timer = 0;
    this.last = Date.now();
    try {
      const { body } = await this.lane.run(() => ask(this.url));
      this.show(parse(body));
    } catch (error) {
      this.touch(); // the numbers are owed; trouble itself is told by the stream
    }
  }

  show(content) {
    const strip = document.querySelector("[data-live-counters]");
    if (!strip) return;
    const inner = content.querySelector("[data-live-counters]") || content;
    Array.from(inner.querySelectorAll("[id]")).forEach((tile) => {
      const old = document.getElementById(tile.id);
      if (old) calm(old);
      if (!old || !strip.contains(old) || old.outerHTML === tile.outerHTML) return;
      const focused = old.contains(document.activeElement);
      tile.classList.add("is-changed");
      old.replaceWith(tile);
      enliven(tile);
      if (focused) tile.focus();
    });
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = 0;
  }
}
