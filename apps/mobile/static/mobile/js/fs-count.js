// <fs-count>: everything that is counted goes first into a list kept on the phone, then to the server, one by one, each
// with a key of its own. A dropped line, a closed page, a dead battery: nothing is lost, nothing counts twice.

import { define, fill, remember, remembered } from "../../ui/js/lib/dom.js";
import { csrf } from "../../ui/js/lib/http.js";
import { uuid } from "../../ui/js/lib/uuid.js";

const AGAIN = 4000; // ms until the next try without an answer
const PATIENCE = 15000;
const READ = 1500; // ms for the last sentence, before the page is drawn anew

class FsCount extends HTMLElement {
  connectedCallback() {
    this.name = "count." + this.dataset.number + "." + this.dataset.who;
    this.waiting = JSON.parse(remembered(this.name) || "[]");
    this.addEventListener("submit", (event) => this.onSubmit(event));
    this.addEventListener("scan:read", (event) => this.onScan(event));
    this.onOnline = () => this.send();
    window.addEventListener("online", this.onOnline);
    this.show();
    this.send();
  }

  disconnectedCallback() {
    window.removeEventListener("online", this.onOnline);
    clearTimeout(this.timer);
  }

  part(name) {
    return this.querySelector("[data-" + name + "]");
  }

  onSubmit(event) {
    const form = event.target;
    if (!form.dataset.count) return;
    event.preventDefault();
    const body = {};
    new FormData(form).forEach((value, name) => {
      if (name !== "csrfmiddlewaretoken" && name !== "idempotency_key") body[name] = String(value).trim();
    });
    const empty = ["code", "numbers", "quantity"].some((name) => name in body && !body[name]);
    if (!empty) this.keep(form.dataset.count, form.getAttribute("action"), body);
    this.clear(form);
  }

  /** From a hand scanner, WeChat or the camera. The list has its own way. */
  onScan(event) {
    if (event.target.id !== "code") return;
    event.preventDefault();
    const form = event.target.form;
    this.keep("scan", form.getAttribute("action"), { code: event.detail.text, item: "" });
    event.target.value = "";
  }

  clear(form) {
    ["code", "numbers", "quantity"].forEach((name) => {
      const field = form.elements.namedItem(name);
      if (!field || field.type === "hidden") return;
      field.value = "";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    const more = form.closest(".count-more");
    if (more) more.open = false;
    const code = this.querySelector("#code");
    if (form.dataset.count === "scan" && code) code.focus();
  }

  keep(what, url, body) {
    this.waiting.push({ key: uuid(), what, url, body });
    this.store();
    this.send();
  }

  store() {
    remember(this.name, JSON.stringify(this.waiting));
    this.show();
  }

  show() {
    const line = this.part("waiting");
    line.hidden = this.waiting.length < 2 && !this.stuck;
    line.textContent = fill(this.dataset.tWaiting, { n: this.waiting.length });
  }

  async send() {
    if (this.busy || !this.waiting.length) return;
    this.busy = true;
    clearTimeout(this.timer);
    while (this.waiting.length) {
      const answer = await this.post(this.waiting[0]);
      if (!answer) break;
      this.take(this.waiting[0], answer);
      this.waiting.shift();
      this.store();
    }
    this.busy = false;
    this.stuck = this.waiting.length > 0;
    this.show();
    if (this.stuck) this.timer = setTimeout(() => this.send(), AGAIN);
    else if (this.stale) this.timer = setTimeout(() => this.waiting.length || window.location.reload(), READ);
  }

  /** The server's answer; null when there was none that decides: then it is sent again with the same key. */
  async post(wish) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    const headers = { Accept: "application/json", "X-CSRFToken": csrf(), "Idempotency-Key": wish.key };
    try {
      const options = { method: "POST", credentials: "same-origin", headers, body: new URLSearchParams(wish.body), signal: stop.signal };
      const answer = await fetch(wish.url, options);
      if (answer.status === 401 || answer.redirected) this.say(this.dataset.tSignedOut, "bad");
      if (answer.status >= 500 || answer.status === 401 || answer.status === 429 || answer.redirected) return null;
      const data = await answer.json();
      return data.code === "kernel.busy" ? null : { ok: answer.ok, data };
    } catch (error) {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  take(wish, answer) {
    const { ok, data } = answer;
    const whose = this.part("whose");
    if (!ok) {
      this.say(data.detail || data.code, "bad");
      if (data.code === "inventory.scan_unknown" && wish.what === "scan") this.askWhose(wish.body.code);
      return;
    }
    if (wish.what === "scan") {
      whose.hidden = true;
      whose.querySelector("select").value = "";
    }
    this.mark(data);
    this.say(this.words(wish, data), data.again === true ? "again" : "good");
    this.part("undo").hidden = false;
  }

  /** The code comes back into the field, with the question beside it. */
  askWhose(code) {
    const field = this.querySelector("#code");
    if (!field.value) field.value = code;
    this.part("whose").hidden = false;
    this.part("whose").querySelector("select").focus();
  }

  words(wish, data) {
    if (wish.what === "list") return fill(this.dataset.tList, data);
    const what = [data.scanned, data.name, data.counted, data.unit].filter(Boolean).join(" ");
    if (wish.what === "undo") return what + " · " + this.dataset.tUndone;
    return data.again === true ? what + " · " + this.dataset.tAgain : what;
  }

  /** The figure of the shelf; a shelf the page does not have yet, and a list, are drawn by the next page. */
  mark(data) {
    const last = this.part("last");
    if (last) last.remove();
    const row = this.querySelector('[data-line="' + data.line + '"]');
    if (!row) {
      this.stale = true;
      return;
    }
    row.querySelector("[data-counted]").textContent = data.counted;
    row.classList.add("is-done");
    const done = document.querySelector("[data-done]");
    if (done) done.textContent = this.querySelectorAll(".count-shelf.is-done").length;
  }

  say(text, kind) {
    const said = this.part("said");
    said.className = "count-said is-" + kind;
    said.textContent = text;
    if (navigator.vibrate) navigator.vibrate(kind === "good" ? 40 : [80, 60, 80]);
  }
}

define("fs-count", FsCount);
