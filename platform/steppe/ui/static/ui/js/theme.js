// Theme, text size and density: buttons with data-theme-set, data-text-set; remembered in this browser.

import { remember } from "./lib/dom.js";

const root = document.documentElement;

function apply(name, value) {
  root.setAttribute("data-" + name, value);
  remember(name, value);
  show();
}

function show() {
  ["theme", "text"].forEach((name) => {
    document.querySelectorAll("[data-" + name + "-set]").forEach((button) => {
      const value = button.getAttribute("data-" + name + "-set");
      button.setAttribute("aria-pressed", String(root.getAttribute("data-" + name) === value));
    });
  });
}

document.addEventListener("click", (event) => {
  const theme = event.target.closest("[data-theme-set]");
  const text = event.target.closest("[data-text-set]");
  if (theme) apply("theme", theme.dataset.themeSet);
  if (text) {
    const value = text.dataset.textSet;
    apply("text", root.dataset.text === value && value !== "normal" ? "normal" : value);
  }
});

show();
