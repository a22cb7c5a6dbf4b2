// <fs-list>: a list worked by keys. The focus stays on the grid (rows may be replaced at any moment);
// aria-activedescendant names the chosen row, which is remembered by its id.

import { announce, define, fill, isTyping } from "./lib/dom.js";

const STEPS = { KeyJ: 1, ArrowDown: 1, KeyK: -1, ArrowUp: -1, PageDown: 10, PageUp: -10 };

class FsList extends HTMLElement {
  connectedCallback() {
    this.chosen = "";
    this.grid = this.querySelector("[role=grid],[role=listbox]") || this;
    if (!this.grid.hasAttribute("tabindex")) this.grid.tabIndex = 0;
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
    this.addEventListener("click", (event) => this.click(event));
    this.addEventListener("dblclick", (event) => this.rowOf(event) && this.open());
    this.addEventListener("live:row", (event) => this.onRow(event.detail));
    this.addEventListener("live:queue", (event) => this.onQueue(event.detail.count));
    this.addEventListener("live:count", () => this.onCount());
    this.mark();
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.onKey);
  }

  get live() {
    return this.querySelector("fs-live") || this.closest("fs-live");
  }

  rows() {
    return Array.from(this.querySelectorAll("[id^='t-']")).filter((row) => row.offsetParent !== null);
  }

  rowOf(event) {
    return event.target.closest("[id^='t-']");
  }

  // -- choosing ----------------------------------------------------------------------------------------------

  choose(row) {
    if (!row) return;
    this.chosen = row.id;
    this.mark();
    row.scrollIntoView({ block: "nearest" });
    announce(row, "list:choose", { id: row.id.slice(2), row });
  }

  mark() {
    this.querySelectorAll("[aria-selected=true]").forEach((row) => {
      if (row.id !== this.chosen) row.setAttribute("aria-selected", "false");
    });
    const row = this.chosen && document.getElementById(this.chosen);
    if (!row) {
      this.grid.removeAttribute("aria-activedescendant");
      return;
    }
    row.setAttribute("aria-selected", "true");
    this.grid.setAttribute("aria-activedescendant", this.chosen);
  }

  move(step) {
    const rows = this.rows();
    const at = rows.findIndex((row) => row.id === this.chosen);
    const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, at + step));
    this.choose(rows[next]);
  }

  /** Enter: what [data-open] of the row does; the page may handle list:open itself. */
  open() {
    const row = document.getElementById(this.chosen);
    if (!row || !announce(row, "list:open", { id: row.id.slice(2), row })) return;
    const door = row.querySelector("[data-open]");
    if (door) door.click();
  }

  // -- keys and clicks ---------------------------------------------------------------------------------------

  click(event) {
    if (event.target.closest("[data-list-new]")) this.settle();
    else if (this.rowOf(event)) this.choose(this.rowOf(event));
  }

  key(event) {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    if (document.querySelector("fs-dialog[open]")) return;
    const onControl = event.target.closest && event.target.closest("a,button,summary");
    if (STEPS[event.code]) this.move(STEPS[event.code]);
    else if (event.code === "Home") this.choose(this.rows()[0]);
    else if (event.code === "End") this.choose(this.rows().pop());
    else if (event.code === "Period" && !event.shiftKey) this.settle();
    else if (event.code === "Enter" && !onControl && this.chosen) this.open();
    else return;
    event.preventDefault();
  }

  settle() {
    if (this.live) this.live.settle();
    this.mark();
  }

  // -- what the stream does to us ----------------------------------------------------------------------------

  onRow({ id, row, change }) {
    if ("t-" + id === this.chosen && change === "changed") this.mark();
    const say = this.querySelector("[data-live-say]");
    if (say && row.dataset.say && change !== "gone") say.textContent = row.dataset.say;
  }

  onQueue(count) {
    const bar = this.querySelector("[data-list-new]");
    if (!bar) return;
    bar.hidden = count === 0;
    const label = bar.querySelector("[data-text]") || bar;
    if (count) label.textContent = fill(bar.dataset.tNew, { n: count });
  }

  onCount() {
    const none = this.querySelector("[data-list-empty]");
    if (none) none.hidden = this.rows().length > 0;
  }
}

define("fs-list", FsList);
