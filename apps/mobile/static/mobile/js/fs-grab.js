// <fs-grab>: 抢单 in the list, without leaving it. Won: on to the ticket. Lost: the card turns into "taken".
// Around <fs-once> and its form; without scripts the form goes by itself.

import { announce, define } from "../../ui/js/lib/dom.js";
import { parse } from "../../ui/js/live/fragment.js";
import { toast } from "../../ui/js/toast.js";

class FsGrab extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => this.onSubmit(event));
  }

  onSubmit(event) {
    event.preventDefault();
    const once = this.querySelector("fs-once");
    setTimeout(() => once.hold(), 0); // after fs-once has let go of a form that the browser will not send
    this.send(event.target);
  }

  async send(form) {
    try {
      const headers = { Accept: "application/json", "X-Requested-With": "fetch" };
      const wish = { method: "POST", body: new FormData(form), headers, credentials: "same-origin" };
      const wire = await fetch(form.action, wish);
      this.show(form, wire.status, await wire.json());
    } catch (error) {
      this.finish(form, false); // no answer: the next tap carries the same key and cannot count twice
      toast(document.getElementById("words").dataset.offline, { kind: "bad" });
    }
  }

  show(form, status, answer) {
    if (status === 401) window.location.reload();
    else if (answer.to) window.location.assign(answer.to);
    else if (answer.card) this.becomeTaken(answer.card);
    else {
      this.finish(form, false);
      toast(answer.detail, { kind: "info" });
    }
  }

  becomeTaken(html) {
    const old = this.closest("article");
    const card = parse(html).querySelector("article");
    old.replaceWith(card);
    announce(card, "live:row", { id: card.id.slice(2), row: card, change: "changed" });
  }

  finish(form, ok) {
    announce(form, "fs:sent", { ok });
  }
}

define("fs-grab", FsGrab);
