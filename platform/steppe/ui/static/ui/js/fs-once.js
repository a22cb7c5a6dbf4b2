// <fs-once>: around a form that writes. One tap counts once; a retry after a lost answer carries the same key,
// so the server can tell it is the same wish; a changed form or a finished one gets a new key.

import { announce, define } from "./lib/dom.js";
import { uuid } from "./lib/uuid.js";

const PATIENCE = 20000; // a page that has not come by then: let the person try again, with the same key
const NOT_BODY = ["idempotency_key", "csrfmiddlewaretoken"];

class FsOnce extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form") || this.closest("form");
    if (!this.form) return;
    this.sent = null;
    this.renew();
    this.handlers = {
      submit: (event) => this.onSubmit(event),
      "htmx:afterRequest": (event) => this.onAnswer(event),
      "fs:sent": (event) => this.finish(event.detail && event.detail.ok),
    };
    Object.keys(this.handlers).forEach((name) => this.addEventListener(name, this.handlers[name], true));
    this.onShow = (event) => event.persisted && this.release();
    window.addEventListener("pageshow", this.onShow);
  }

  disconnectedCallback() {
    if (!this.form) return;
    Object.keys(this.handlers).forEach((name) => this.removeEventListener(name, this.handlers[name], true));
    window.removeEventListener("pageshow", this.onShow);
    clearTimeout(this.timer);
  }

  get input() {
    return this.form.elements.namedItem("idempotency_key");
  }

  renew() {
    if (this.input) this.input.value = uuid();
    this.sent = null;
  }

  onSubmit(event) {
    if (event.target !== this.form) return;
    if (this.isBusy || this.isBlocked()) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    const body = this.body();
    if (this.sent !== null && this.sent !== body) this.renew();
    this.sent = body;
    this.isBusy = true;
    // After the browser has read the form: a disabled button would not send its own name and value.
    this.timer = setTimeout(() => (event.defaultPrevented && !this.isHtmx ? this.release() : this.hold()), 0);
  }

  /** Something inside (photos on their way) is not ready; it says so itself. */
  isBlocked() {
    const busy = this.form.querySelector("[data-blocking]");
    if (busy) announce(busy, "once:blocked", {});
    return Boolean(busy);
  }

  body() {
    const parts = [];
    new FormData(this.form).forEach((value, name) => {
      if (NOT_BODY.includes(name)) return;
      const file = value instanceof File;
      parts.push([name, file ? [value.name, value.size, value.lastModified] : value]);
    });
    return JSON.stringify(parts);
  }

  get isHtmx() {
    return ["hx-post", "hx-put", "hx-patch", "hx-delete"].some((name) => this.form.hasAttribute(name));
  }

  hold() {
    this.setAttribute("aria-busy", "true");
    this.buttons().forEach((button) => {
      button.disabled = true;
      button.classList.add("is-busy");
    });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.release(), PATIENCE);
  }

  release() {
    clearTimeout(this.timer);
    this.isBusy = false;
    this.removeAttribute("aria-busy");
    this.buttons().forEach((button) => {
      if (button.classList.contains("is-busy")) button.disabled = false;
      button.classList.remove("is-busy");
    });
  }

  buttons() {
    return Array.from(this.form.elements).filter((item) => item.type === "submit");
  }

  onAnswer(event) {
    if (event.target === this.form) this.finish(event.detail.successful);
  }

  /** Success: the next submit is a new wish. No answer or a refusal: the same wish, until the form changes. */
  finish(ok) {
    this.release();
    if (ok) this.renew();
  }
}

define("fs-once", FsOnce);
