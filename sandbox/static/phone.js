/* Fetches new bubbles and messages once a second; switches between menu and keyboard; opens the drawer. */
(function () {
  "use strict";

  var POLL_MS = 1000;
  var chat = document.getElementById("chat");
  var dock = document.getElementById("dock");
  var inbox = document.getElementById("inbox");
  var dockPlus = document.getElementById("dock-plus");
  var dockSwitch = document.getElementById("dock-switch");

  function toTheEnd() {
    chat.scrollTop = chat.scrollHeight;
  }

  function append(html) {
    var parsed = new DOMParser().parseFromString(html, "text/html");
    Array.prototype.slice.call(parsed.body.children).forEach(function (node) {
      if (!node.id || !document.getElementById(node.id)) {
        node.classList.add("is-new");
        chat.appendChild(document.importNode(node, true));
      }
    });
    toTheEnd();
  }

  function poll() {
    return fetch(chat.dataset.feed + "&since=" + chat.dataset.last)
      .then(function (response) { return response.json(); })
      .then(function (news) {
        if (news.html && news.last > Number(chat.dataset.last)) {
          chat.dataset.last = news.last;
          append(news.html);
        }
      })
      .catch(function () { /* the sandbox is restarting: ask again */ });
  }

  function keepPolling() {
    window.setTimeout(function () { poll().then(keepPolling); }, POLL_MS);
  }

  if (chat) {
    toTheEnd();
    keepPolling();
    // Coming back from the product's page, the browser may show the page as it was left.
    window.addEventListener("pageshow", function (event) {
      if (event.persisted) { poll(); }
    });
  }
  function pollInbox() {
    return fetch(window.location.href)
      .then(function (response) { return response.text(); })
      .then(function (text) {
        var fresh = new DOMParser().parseFromString(text, "text/html").getElementById("inbox");
        if (fresh && fresh.dataset.length !== inbox.dataset.length) {
          inbox.replaceChildren.apply(inbox, Array.prototype.slice.call(document.importNode(fresh, true).childNodes));
          inbox.dataset.length = fresh.dataset.length;
          inbox.scrollTop = inbox.scrollHeight;
        }
      })
      .catch(function () { /* ask again */ });
  }

  function keepPollingInbox() {
    window.setTimeout(function () { pollInbox().then(keepPollingInbox); }, POLL_MS);
  }

  if (inbox) {
    inbox.scrollTop = inbox.scrollHeight;
    keepPollingInbox();
  }
  if (dockPlus) {
    dockPlus.addEventListener("click", function () {
      var open = dock.classList.toggle("has-drawer");
      dockPlus.setAttribute("aria-expanded", String(open));
      toTheEnd();
    });
  }
  Array.prototype.forEach.call(document.querySelectorAll("[data-submits]"), function (input) {
    input.addEventListener("change", function () { input.form.submit(); });
  });
  if (dockSwitch) {
    dockSwitch.addEventListener("click", function () { dock.classList.toggle("is-typing"); });
  }
  // Only one popup of the menu is open, and a tap elsewhere closes it.
  document.addEventListener("click", function (event) {
    Array.prototype.forEach.call(document.querySelectorAll(".menu-button[open]"), function (open) {
      if (!open.contains(event.target)) { open.removeAttribute("open"); }
    });
  });
}());
