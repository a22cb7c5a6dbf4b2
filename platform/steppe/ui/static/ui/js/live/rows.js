// The rows on the page. Newer replaces older, older is dropped, newcomers wait, leavers fade; nothing jumps.

import { announce, enliven, focusables } from "../lib/dom.js";
import { idOf, rowId, versionOf } from "./fragment.js";

const FADE = 5000;

export class Rows {
  constructor(host) {
    this.host = host;
    this.queue = new Map(); // id → row that waits behind "↑ N new"
    this.fading = new Map(); // id → timer
    this.unsorted = false;
  }

  get body() {
    return this.host.querySelector("[data-live-rows]") || this.host;
  }

  shown() {
    return Array.from(this.body.children).filter((row) => row.id.startsWith("t-") && row.dataset.gone === undefined);
  }

  find(id) {
    const row = document.getElementById(rowId(id));
    return row && this.body.contains(row) ? row : null;
  }

  /** Would fetching this version tell us anything? */
  needs(id, version) {
    const known = this.queue.get(id) || this.find(id);
    return !known || !version || known.dataset.gone !== undefined || versionOf(known) < version;
  }

  /** An answer's rows. Into an empty list they go at once: there is nothing under anybody's finger. */
  putAll(rows) {
    const atOnce = this.host.dataset.newcomers === "now" || !this.shown().length;
    rows.forEach((row) => this.put(row));
    if (atOnce) this.settle();
    else this.tellQueue();
  }

  put(row) {
    const id = idOf(row);
    if (row.dataset.gone !== undefined) this.leave(id);
    else if (this.find(id)) this.replace(id, row);
    else this.enqueue(id, row);
  }

  enqueue(id, row) {
    const waiting = this.queue.get(id);
    if (waiting && versionOf(waiting) >= versionOf(row)) return;
    this.queue.set(id, row);
    if (!waiting) this.tell(id, row, "new");
  }

  replace(id, row) {
    const old = this.find(id);
    const back = this.fading.has(id);
    if (!back && versionOf(old) >= versionOf(row)) return;
    this.stay(id);
    const focus = focusables(old).indexOf(document.activeElement);
    if ((old.dataset.sort || "") !== (row.dataset.sort || "")) this.unsorted = true;
    row.classList.add("is-changed");
    old.replaceWith(row);
    enliven(row);
    if (focus >= 0 && focusables(row)[focus]) focusables(row)[focus].focus();
    this.tell(id, row, "changed");
  }

  /** A row that left the view: grey for five seconds, then away. */
  leave(id) {
    if (this.queue.delete(id)) this.tellQueue();
    const row = this.find(id);
    if (!row || this.fading.has(id)) return;
    row.dataset.gone = "";
    row.classList.add("is-gone");
    this.fading.set(id, setTimeout(() => this.remove(id), FADE));
    this.tell(id, row, "gone");
  }

  stay(id) {
    clearTimeout(this.fading.get(id));
    this.fading.delete(id);
  }

  remove(id) {
    this.stay(id);
    const row = this.find(id);
    if (row) row.remove();
    this.tellCount();
  }

  /** The person asked (or is away): show the newcomers and put everything in its place. */
  settle() {
    const fresh = Array.from(this.queue.values());
    this.queue.clear();
    fresh.reverse().forEach((row) => {
      row.classList.add("is-new");
      this.body.insertBefore(row, this.body.firstElementChild);
      enliven(row);
    });
    if (fresh.length || this.unsorted) this.sort();
    this.unsorted = false;
    this.tellQueue();
    this.tellCount();
  }

  sort() {
    const rows = Array.from(this.body.children).filter((row) => row.dataset.sort !== undefined);
    const inOrder = rows.slice().sort((a, b) => Number(a.dataset.sort) - Number(b.dataset.sort));
    if (inOrder.every((row, place) => row === rows[place])) return;
    const focused = document.activeElement;
    inOrder.forEach((row) => this.body.appendChild(row));
    if (focused && this.body.contains(focused)) focused.focus();
  }

  /** A whole list: what it lacks leaves, what it has is put; its order counts once things settle. */
  adopt(rows) {
    const present = new Set(rows.map(idOf));
    this.shown().map(idOf).concat(Array.from(this.queue.keys())).forEach((id) => {
      if (!present.has(id)) this.leave(id);
    });
    this.putAll(rows);
  }

  tell(id, row, change) {
    announce(this.host, "live:row", { id, row, change });
  }

  tellQueue() {
    announce(this.host, "live:queue", { count: this.queue.size });
  }

  tellCount() {
    announce(this.host, "live:count", { count: this.shown().length });
  }
}
