// <fs-placed>: around a form that wants the position first (arrive, start listening). The tap asks for it once and
// then sends the form, found or not: what a missing position means is the server's decision.

import { define } from "../../ui/js/lib/dom.js";

class FsPlaced extends HTMLElement {
  connectedCallback() {
    this.asked = this.dataset.asked !== undefined;
    this.addEventListener("submit", (event) => this.onSubmit(event), true);
    window.addEventListener("pageshow", (event) => event.persisted && this.forget());
  }

  forget() {
    this.asked = this.dataset.asked !== undefined;
  }

  onSubmit(event) {
    if (this.asked) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!this.asking) this.ask(event.target);
  }

  async ask(form) {
    const button = form.querySelector("button:not([type=button])");
    this.asking = true;
    button.classList.add("is-busy");
    await this.querySelector("fs-wx").locate();
    this.asking = false;
    this.asked = true;
    button.classList.remove("is-busy");
    button.click();
  }
}

define("fs-placed", FsPlaced);
