// <fs-rating>: “fixed” and a star are enough, two taps: the form goes by itself after five seconds. Whoever goes on
// writing, says wait, or has one or two stars to explain, sends it by hand.

import { define, fill } from "../../ui/js/lib/dom.js";

const WAIT = 5;
const LOW = ["1", "2"];

class FsRating extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("button:not([type=button])");
    this.undo = this.querySelector("[data-undo]");
    this.word = this.button.textContent;
    this.why = this.querySelector("[data-why]");
    this.addEventListener("change", (event) => {
      if (!this.ask() && event.target.name === "score") this.start();
    });
    this.ask();
    this.addEventListener("input", (event) => event.target.name !== "score" && this.stop());
    this.addEventListener("focusin", (event) => event.target.name === "note" && this.stop());
    this.addEventListener("submit", () => this.stop(), true);
    this.undo.addEventListener("click", () => this.stop());
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  /** Few stars show the question why; without this script it is always there. */
  ask() {
    const form = this.querySelector("form");
    const low = LOW.includes(form.elements.namedItem("score").value);
    this.why.hidden = !low;
    this.why.querySelectorAll("input").forEach((input) => {
      input.required = low && form.elements.namedItem("fixed").value === "yes";
      if (!low) input.checked = false;
    });
    if (low) this.stop();
    return low;
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
