// Classic script in <head>: sets theme and text size before the first paint. A page may fix either on the server.
(function () {
  var root = document.documentElement;
  function remembered(name) {
    try { return window.localStorage.getItem("steppe." + name); } catch (e) { return null; }
  }
  if (!root.hasAttribute("data-theme-fixed")) {
    root.setAttribute("data-theme", remembered("theme") || root.getAttribute("data-theme") || "auto");
  }
  if (!root.hasAttribute("data-text-fixed")) {
    root.setAttribute("data-text", remembered("text") || root.getAttribute("data-text") || "normal");
  }
  root.className += " js";
})();
