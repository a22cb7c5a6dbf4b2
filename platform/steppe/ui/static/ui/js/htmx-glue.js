// htmx and our pages: the CSRF token on every request, and a word when the network or the server fails.

import { csrf } from "./lib/http.js";
import { toast } from "./toast.js";

function word(name) {
  const words = document.getElementById("words");
  return words ? words.dataset[name] : "";
}

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = csrf();
});

["htmx:sendError", "htmx:timeout"].forEach((name) => {
  document.addEventListener(name, () => toast(word("offline"), { kind: "bad" }));
});

document.addEventListener("htmx:responseError", (event) => {
  const wire = event.detail.xhr;
  if (wire.status === 401) window.location.reload();
  else if (wire.status >= 500) toast(word("failed"), { kind: "bad" });
});
