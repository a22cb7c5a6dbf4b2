// <fs-keys>: single keys press buttons. Any control with data-key takes part; "?" shows the list of them.
// The nearest wins: an open dialog, then the chosen row, then the page. The person may turn single keys off.

import { define, isTyping, remember, remembered } from "./lib/dom.js";
import { matches, parseKey } from "./lib/keymap.js";

class FsKeys extends HTMLElement {
  connectedCallback() {
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
    this.switch = this.querySelector("[data-keys-switch]");
    if (!this.switch) return;
    this.switch.checked = !this.isOff;
    this.switch.addEventListener("change", () => remember("keys", this.switch.checked ? "on" : "off"));
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.onKey);
  }

  get isOff() {
    return remembered("keys") === "off";
  }

  key(event) {
    if (event.isComposing || event.repeat || event.defaultPrevented) return;
    if (matches(event, parseKey("?")) && !isTyping(event.target)) {
      this.showAll();
      event.preventDefault();
      return;
    }
    const chord = event.ctrlKey || event.metaKey;
    if (!chord && (this.isOff || isTyping(event.target))) return;
    const button = this.buttonFor(event);
    if (!button) return;
    event.preventDefault();
    if (button.matches("input,textarea,select")) button.focus();
    else button.click();
  }

  scopes() {
    const dialog = document.querySelector("fs-dialog[open]");
    if (dialog) return [dialog];
    const chosen = document.querySelector("[aria-selected=true]");
    return chosen ? [chosen, document] : [document];
  }

  buttonFor(event) {
    for (const scope of this.scopes()) {
      const found = Array.from(scope.querySelectorAll("[data-key]")).find(
        (item) => item.offsetParent !== null && !item.disabled && matches(event, parseKey(item.dataset.key)),
      );
      if (found) return found;
    }
    return null;
  }

  /** The overlay: the page's own keys after the ones written in the template. */
  showAll() {
    const dialog = this.querySelector("fs-dialog");
    const list = this.querySelector("[data-keys-list]");
    if (!dialog || !list) return;
    list.textContent = "";
    const seen = new Set();
    document.querySelectorAll("[data-key]").forEach((item) => {
      const label = item.dataset.keyLabel || item.getAttribute("aria-label") || textOf(item);
      if (seen.has(item.dataset.key) || !label || this.contains(item)) return;
      seen.add(item.dataset.key);
      list.appendChild(line(item.dataset.key, label));
    });
    dialog.show();
  }
}

function textOf(item) {
  const copy = item.cloneNode(true);
  copy.querySelectorAll("kbd,svg").forEach((extra) => extra.remove());
  return copy.textContent.trim().replace(/\s+/g, " ");
}

function line(key, label) {
  const row = document.createElement("div");
  const cap = document.createElement("kbd");
  const word = document.createElement("span");
  row.className = "key-line";
  cap.textContent = key.length === 1 ? key.toUpperCase() : key;
  word.textContent = label;
  row.appendChild(cap);
  row.appendChild(word);
  return row;
}

define("fs-keys", FsKeys);
