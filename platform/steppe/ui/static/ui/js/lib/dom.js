// Small things every element needs.

export function define(name, element) {
  if (!customElements.get(name)) customElements.define(name, element);
}

/** Fills {names} of a sentence the server has translated. */
export function fill(pattern, values) {
  return String(pattern || "").replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

export function announce(target, name, detail) {
  return target.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, cancelable: true }));
}

export function remember(name, value) {
  try {
    window.localStorage.setItem("steppe." + name, value);
  } catch (e) {
    // Private windows may refuse: the choice then lasts as long as the page.
  }
}

export function remembered(name) {
  try {
    return window.localStorage.getItem("steppe." + name);
  } catch (e) {
    return null;
  }
}

/** Inserted HTML comes to life: htmx has to be told, custom elements wake by themselves. */
export function enliven(node) {
  if (window.htmx) window.htmx.process(node);
}

/** A symbol of the page's sprite. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "ic");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", "#i-" + name);
  svg.appendChild(use);
  return svg;
}

const FOCUSABLE =
  "a[href],button:not([disabled]),input:not([disabled]):not([type=hidden]),select:not([disabled])," +
  "textarea:not([disabled]),summary,[tabindex]:not([tabindex='-1'])";

/** What Tab would visit inside a node, in order. */
export function focusables(node) {
  return Array.from(node.querySelectorAll(FOCUSABLE)).filter((item) => item.offsetParent !== null);
}

/** Is the person writing? Then single keys belong to the text. */
export function isTyping(target) {
  if (!target || !target.closest) return false;
  if (target.isContentEditable) return true;
  const field = target.closest("input,textarea,select");
  if (!field) return false;
  return !["button", "checkbox", "radio", "submit", "reset", "range", "file"].includes(field.type);
}
