// <fs-calls>: who calls this agent, on whatever page of the desk is open. The branch's stream says that a call rings
// (to this agent alone); who it is comes by an ordinary request. Nothing takes the focus; what is put away stays away.
import { define, remember, remembered } from "../../ui/js/lib/dom.js";
import { SignedOut, ask } from "../../ui/js/lib/http.js";
import { Feed } from "../../ui/js/live/feed.js";
import { parse } from "../../ui/js/live/fragment.js";

const AWAY = "calls-away";
const MOST = 30; // names of calls that are remembered as put away
const AGAIN = 60000; // what is over goes, also where nobody touches the page

class FsCalls extends HTMLElement {
  connectedCallback() {
    this.undo = [];
    this.onClick = (event) => this.clicked(event);
    this.addEventListener("click", this.onClick);
    this.listen(window, "storage", () => this.leaveOut());
    if (document.querySelector("fs-live")) this.followThePage();
    else this.followTheStream();
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.onClick);
    this.undo.forEach((stop) => stop());
    this.stop();
  }

  listen(target, name, handler) {
    target.addEventListener(name, handler);
    this.undo.push(() => target.removeEventListener(name, handler));
  }

  /** A page with a list has its socket already. */
  followThePage() {
    this.listen(document, "live:hint", (event) => event.detail.k === "call" && this.look());
    this.listen(document, "live:snapshot", () => this.look());
    this.look();
  }

  followTheStream() {
    const nothing = () => {};
    this.feed = new Feed(this.dataset.ws, {
      connected: nothing,
      frame: (frame) => (frame.t === "hello" || frame.k === "call") && this.look(),
      lost: nothing,
      poll: () => this.look(),
      changed: nothing,
    });
    this.feed.start();
  }

  stop() {
    clearTimeout(this.again);
    if (this.feed) this.feed.stop();
  }

  /** One question at a time; a call that rings meanwhile asks once more. */
  async look() {
    this.owed = true;
    if (this.asking) return;
    this.asking = true;
    while (this.owed) {
      this.owed = false;
      await this.askOnce();
    }
    this.asking = false;
  }

  async askOnce() {
    clearTimeout(this.again);
    try {
      const { body } = await ask(this.dataset.url);
      this.show(Array.from(parse(body).querySelectorAll("[data-ring]")));
    } catch (error) {
      if (error instanceof SignedOut || error.status === 403) this.stop();
    }
    if (this.children.length) this.again = setTimeout(() => this.look(), AGAIN);
  }

  show(rings) {
    const now = rings.map((ring) => ring.dataset.ring);
    const shown = this.shown();
    this.rings().forEach((ring) => now.includes(ring.dataset.ring) || ring.remove());
    rings
      .reverse()
      .filter((ring) => !shown.includes(ring.dataset.ring))
      .forEach((ring) => this.insertBefore(ring, this.firstElementChild));
    this.leaveOut();
  }

  rings() {
    return Array.from(this.querySelectorAll("[data-ring]"));
  }

  shown() {
    return this.rings().map((ring) => ring.dataset.ring);
  }

  /** What was put away on any page, and the call whose form is open here. */
  leaveOut() {
    const open = new URLSearchParams(window.location.search).get("call");
    const away = this.away();
    this.rings().forEach((ring) => {
      if (ring.dataset.ring === open || away.includes(ring.dataset.ring)) ring.remove();
    });
  }

  away() {
    return (remembered(AWAY) || "").split(",").filter(Boolean);
  }

  clicked(event) {
    const ring = event.target.closest("[data-ring]");
    if (!ring || !event.target.closest("[data-put-away],[data-take]")) return;
    remember(AWAY, this.away().concat(ring.dataset.ring).slice(-MOST).join(","));
    if (event.target.closest("[data-put-away]")) ring.remove();
  }
}

define("fs-calls", FsCalls);
