// <fs-fresh>: says how fresh the page is. Words come from data-t-*; it listens to every <fs-live> of the page.

import { define, fill, icon } from "./lib/dom.js";

const SHAPES = { live: "dot", poll: "half", lost: "overdue" };

class FsFresh extends HTMLElement {
  connectedCallback() {
    this.onState = (event) => this.show(event.detail);
    document.addEventListener("live:state", this.onState);
    const live = document.querySelector("fs-live[data-state]");
    if (live) this.show({ state: live.dataset.state, seconds: 0 });
  }

  disconnectedCallback() {
    document.removeEventListener("live:state", this.onState);
  }

  show({ state, seconds }) {
    const quiet = state === "lost" && seconds < 3; // a blink of the network is not worth a word
    const shown = quiet && this.state ? this.state : state;
    const text = fill(this.dataset["t" + shown[0].toUpperCase() + shown.slice(1)], { n: seconds });
    if (shown !== this.state) this.draw(shown);
    if (this.label.textContent !== text) this.label.textContent = text;
  }

  draw(state) {
    this.state = state;
    this.setAttribute("data-state", state);
    this.textContent = "";
    this.appendChild(icon(SHAPES[state]));
    this.label = document.createElement("span");
    this.appendChild(this.label);
  }
}

define("fs-fresh", FsFresh);
