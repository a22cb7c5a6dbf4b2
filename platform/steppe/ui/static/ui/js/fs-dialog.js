// <fs-dialog>: a dialog or, on the phone, a half sheet. Opened by [data-dialog="id"], show(), or data-open from
// the server; closed by Escape, the backdrop, [data-close] or the answer's HX-Trigger "dialog:close".
// Native <dialog> is younger than iOS 12. A [data-needs] button waits until the form's required parts are there.

import { announce, define, focusables } from "./lib/dom.js";

class FsDialog extends HTMLElement {
  connectedCallback() {
    this.setAttribute("role", this.getAttribute("role") || "dialog");
    this.setAttribute("aria-modal", "true");
    if (this.ready) return;
    this.ready = true;
    this.addEventListener("click", (event) => this.onClick(event));
    this.addEventListener("keydown", (event) => this.onKey(event));
    ["input", "change"].forEach((name) => this.addEventListener(name, () => this.check()));
    this.check();
    if (this.dataset.open !== undefined) this.show();
  }

  disconnectedCallback() {
    if (this.hasAttribute("open")) this.unlock();
  }

  show() {
    if (this.hasAttribute("open")) return;
    this.before = document.activeElement;
    this.setAttribute("open", "");
    this.hidden = false;
    document.documentElement.classList.add("has-dialog");
    this.check();
    this.firstStop().focus();
    announce(this, "dialog:open", {});
  }

  /** Not the × in the head: the first thing to decide, or the safe button of a question. */
  firstStop() {
    const body = this.querySelector(".dialog-body");
    const foot = this.querySelector(".dialog-foot");
    const parts = [body, foot, this].filter(Boolean).map((part) => focusables(part)[0]);
    return this.querySelector("[autofocus]") || parts.find(Boolean) || this;
  }

  close() {
    if (!this.hasAttribute("open")) return;
    this.removeAttribute("open");
    this.hidden = true;
    this.unlock();
    if (this.before && document.contains(this.before)) this.before.focus();
    announce(this, "dialog:closed", {});
    if (this.dataset.passing !== undefined) this.remove();
  }

  unlock() {
    if (!document.querySelector("fs-dialog[open]")) document.documentElement.classList.remove("has-dialog");
  }

  onClick(event) {
    if (event.target === this || event.target.closest("[data-close]")) this.close();
  }

  onKey(event) {
    if (event.isComposing) return;
    if (event.code === "Escape") {
      this.close();
      event.stopPropagation();
    } else if (event.code === "Tab") this.trap(event);
    else if (event.code === "Enter" && event.ctrlKey) this.submit();
  }

  submit() {
    const button = this.querySelector("[type=submit]:not([disabled])");
    if (button) button.click();
  }

  trap(event) {
    const stops = focusables(this);
    if (!stops.length) return;
    const [first, last] = [stops[0], stops[stops.length - 1]];
    const leaving = event.shiftKey ? document.activeElement === first : document.activeElement === last;
    if (!leaving) return;
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  }

  check() {
    const form = this.querySelector("form");
    if (!form) return;
    this.querySelectorAll("[data-needs]").forEach((button) => {
      button.disabled = !form.checkValidity();
    });
    this.querySelectorAll("[data-when]").forEach((part) => showWhen(part, form));
  }
}

/** data-when="reason=other": shown (and required) only then. */
function showWhen(part, form) {
  const [name, value] = part.dataset.when.split("=");
  const field = form.elements.namedItem(name);
  const wanted = Boolean(field) && field.value === value;
  if (part.hidden === !wanted) return;
  part.hidden = !wanted;
  part.querySelectorAll("input,textarea,select").forEach((input) => (input.required = wanted));
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (!dialog) return;
  event.preventDefault();
  dialog.show();
});

document.addEventListener("dialog:close", () => {
  document.querySelectorAll("fs-dialog[open]").forEach((dialog) => dialog.close());
});

define("fs-dialog", FsDialog);
