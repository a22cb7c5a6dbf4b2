// <fs-rating>: “fixed” and a star are enough, two taps: the form goes by itself after five seconds. Whoever goes on
// writing, or says wait, sends it by hand.

import { define, fill } from "../../ui/js/lib/dom.js";

const WAIT = 5;

class FsRating extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("button:not([type=button])");
    this.undo = this.querySelector("[data-undo]");
    this.word = this.button.textContent;
    this.addEventListener("change", (event) => event.target.name === "score" && this.start());
    this.addEventListener("input", (event) => event.target.name !== "score" && this.stop());
    this.addEventListener("focusin", (event) => event.target.name === "note" && this.stop());
    this.addEventListener("submit", () => this.stop(), true);
    this.undo.addEventListener("click", () => this.stop());
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  start() {
    this.stop();
    this.left = WAIT;
    this.undo.hidden = false;
    this.tell();
    this.timer = setInterval(() => this.tick(), 1000);
  }

  tick() {
    this.left -= 1;
    if (this.left > 0) this.tell();
    else this.button.click();
  }

  tell() {
    this.button.textContent = fill(this.dataset.tSoon, { n: this.left });
  }

  stop() {
    clearInterval(this.timer);
    this.button.textContent = this.word;
    this.undo.hidden = true;
  }
}

define("fs-rating", FsRating);
