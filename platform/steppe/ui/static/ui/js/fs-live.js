// <fs-live>: the page follows the branch's stream. Frames carry numbers, ids and versions, never data;
// the rows themselves come by an ordinary request, rendered for whoever is looking.
// Attributes and events: steppe/ui/README.md.

import { announce, define } from "./lib/dom.js";
import { SignedOut, ask, askJson, withParam } from "./lib/http.js";
import { everySecond } from "./lib/clock.js";
import { Counters } from "./live/counters.js";
import { Cursor } from "./live/cursor.js";
import { Feed } from "./live/feed.js";
import { Follower } from "./live/follower.js";
import { Lane } from "./live/lane.js";
import { Rows } from "./live/rows.js";
import { Wanted } from "./live/wanted.js";
import { idOf, parse, placeOf, rowsOf } from "./live/fragment.js";

const STALE = 60; // seconds without contact until the list greys
const AWAY = 10000; // hidden longer than this: a phone may have frozen us, take the whole list
const POLL_FRESH = 15000;

class FsLive extends HTMLElement {
  connectedCallback() {
    const data = this.dataset;
    this.kinds = (data.kinds || "ticket").split(/[\s,]+/);
    this.cursor = new Cursor(data.epoch, data.seq);
    this.lane = new Lane();
    this.rows = new Rows(this);
    this.wanted = new Wanted((ids) => this.fetchRows(ids), () => this.tell());
    this.counters = new Counters(data.counters, this.lane);
    this.follower = new Follower(this.cursor, {
      hint: (frame) => this.onHint(frame),
      hints: (after) => this.askHints(after),
      snapshot: () => this.takeSnapshot(),
      contact: () => this.onContact(),
      trouble: (error) => this.onTrouble(error),
    });
    this.feed = new Feed(
      data.ws,
      {
        connected: () => this.follower.catchUp(),
        frame: (frame) => this.onFrame(frame),
        lost: () => this.onLost(),
        poll: () => this.follower.catchUp(),
        changed: () => this.tell(),
      },
      { poll: Number(data.poll) || 0 },
    );
    this.heard = Date.now();
    this.touched = Date.now();
    this.state = "";
    this.listen();
    this.feed.start();
    this.tell();
  }

  disconnectedCallback() {
    this.feed.stop();
    this.wanted.stop();
    this.counters.stop();
    clearTimeout(this.again);
    this.undo.forEach((stop) => stop());
  }

  listen() {
    this.undo = [everySecond(() => this.tick())];
    const on = (target, name, handler) => {
      target.addEventListener(name, handler, { passive: true });
      this.undo.push(() => target.removeEventListener(name, handler));
    };
    ["pointermove", "touchstart", "keydown", "wheel"].forEach((name) =>
      on(document, name, () => (this.touched = Date.now())),
    );
    on(document, "visibilitychange", () => this.onVisibility());
    on(window, "pageshow", (event) => event.persisted && this.comeBack(true));
    on(window, "online", () => this.comeBack(true));
  }

  // -- what arrives ------------------------------------------------------------------------------------------

  onFrame(frame) {
    if (frame.t === "bye") {
      this.leave(frame.why);
      return;
    }
    if (!this.follower.behind) this.onContact();
    this.follower.take(frame);
  }

  onHint(frame) {
    announce(this, "live:hint", frame);
    if (this.kinds.includes(frame.k) && this.rows.needs(frame.i, frame.v)) this.wanted.add(frame.i);
    if (frame.k !== "-") this.counters.touch();
  }

  async askHints(after) {
    const url = withParam(this.dataset.hints, "epoch", encodeURIComponent(this.cursor.epoch)) + "&after=" + after;
    const { status, data } = await askJson(url, { known: [409, 410] });
    if (status === 409 || status === 410) return { snapshot: true };
    return data;
  }

  // -- rows --------------------------------------------------------------------------------------------------

  fetchRows(ids) {
    return this.lane
      .run(() => ask(withParam(this.dataset.rows, "ids", ids.map(encodeURIComponent).join(","))))
      .then(({ body }) => this.showRows(ids, rowsOf(parse(body))))
      .catch((error) => {
        this.onTrouble(error);
        throw error;
      });
  }

  showRows(ids, rows) {
    const held = rows.filter((row) => this.isBusy(idOf(row)));
    this.rows.putAll(rows.filter((row) => !held.includes(row)));
    held.forEach((row) => this.wanted.add(idOf(row))); // a button of it is at work: come again
    const answered = new Set(rows.map(idOf));
    ids.filter((id) => !answered.has(id)).forEach((id) => this.rows.leave(id)); // not ours to see
  }

  isBusy(id) {
    const row = this.rows.find(id);
    return Boolean(row && row.querySelector("[aria-busy=true]"));
  }

  takeSnapshot() {
    return this.lane.run(async () => {
      const { answer, body } = await ask(this.dataset.snapshot);
      const content = parse(body);
      const place = placeOf(content, answer.headers);
      this.wanted.clear();
      this.cursor.restart(place.epoch, place.seq);
      this.rows.adopt(rowsOf(content));
      this.counters.touch();
      announce(this, "live:snapshot", place);
    });
  }

  /** Shows the newcomers and sorts; also what "." and the button do. */
  settle() {
    this.rows.settle();
  }

  // -- how fresh we are --------------------------------------------------------------------------------------

  onContact() {
    this.heard = Date.now();
    this.tell();
  }

  onLost() {
    this.follower.behind = true; // whatever comes next begins with catching up
    this.tell();
  }

  onTrouble(error) {
    if (error instanceof SignedOut) {
      this.leave("signed-out");
      return;
    }
    this.tell();
    clearTimeout(this.again);
    if (!this.feed.polling) this.again = setTimeout(() => this.follower.catchUp(), 1000 + Math.random() * 2000);
  }

  onVisibility() {
    if (document.visibilityState === "hidden") this.hiddenAt = Date.now();
    else this.comeBack(Date.now() - (this.hiddenAt || 0) > AWAY);
  }

  comeBack(afresh) {
    if (!this.feed.isOpen && this.feed.socket) this.feed.socket.dial();
    if (afresh) this.follower.restart();
    else this.follower.catchUp();
  }

  condition() {
    if (this.wanted.failures) return "lost"; // numbers arrive, rows do not: the list is not fresh
    if (this.feed.isOpen && !this.follower.behind) return "live";
    if (this.feed.polling && !this.follower.behind && Date.now() - this.heard < POLL_FRESH) return "poll";
    return "lost";
  }

  tick() {
    const idle = Number(this.dataset.idle || 15) * 1000;
    const waiting = this.rows.queue.size || this.rows.unsorted;
    if (waiting && idle && Date.now() - this.touched > idle) this.settle();
    this.tell();
  }

  tell() {
    const state = this.condition();
    const seconds = Math.round((Date.now() - this.heard) / 1000);
    this.toggleAttribute("data-stale", state === "lost" && seconds >= STALE);
    if (state === this.state && state === "live") return;
    this.state = state;
    this.setAttribute("data-state", state);
    announce(this, "live:state", { state, seconds, seq: this.cursor.seq });
  }

  /** The server said goodbye: the session or the right to look is over. */
  leave(why) {
    this.feed.stop();
    if (announce(this, "live:bye", { why })) window.location.reload();
  }
}

define("fs-live", FsLive);
