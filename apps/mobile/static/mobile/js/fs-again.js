// <fs-again data-url>: asks for its own content again while somebody looks. For visitors without a session, who have
// no stream to follow.

import { define } from "../../ui/js/lib/dom.js";
import { ask } from "../../ui/js/lib/http.js";

const EVERY = 15000;

class FsAgain extends HTMLElement {
  connectedCallback() {
    this.timer = setInterval(() => this.look(), EVERY);
    this.onVisible = () => this.look();
    document.addEventListener("visibilitychange", this.onVisible);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    document.removeEventListener("visibilitychange", this.onVisible);
  }

  async look() {
    if (document.visibilityState === "hidden") return;
    try {
      const { body } = await ask(this.dataset.url);
      if (body.includes("data-v=")) this.innerHTML = body;
    } catch (error) {
      // The next time will do: the page shows what was true when it was asked last.
    }
  }
}

define("fs-again", FsAgain);
