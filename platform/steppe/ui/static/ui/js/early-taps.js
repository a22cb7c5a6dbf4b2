// Classic script in <head>: on a weak line a button stands there before the script that serves it. A tap on it is
// kept, the button says that it works, and the tap is given back once the page's scripts have run.
(function () {
  // What nothing but a script serves; and what would go out at once without what the script adds (place, question).
  var NEEDS_SCRIPT = "button[type=button],[data-wx-open],[data-confirm],fs-placed button";
  var kept = [];

  function keep(event) {
    var control = event.target.closest && event.target.closest(NEEDS_SCRIPT);
    if (!control) return;
    event.preventDefault();
    event.stopPropagation();
    if (kept.indexOf(control) >= 0) return;
    kept.push(control);
    control.classList.add("is-busy");
    control.setAttribute("aria-busy", "true");
  }

  function giveBack() {
    document.removeEventListener("click", keep, true);
    kept.forEach(function (control) {
      control.classList.remove("is-busy");
      control.removeAttribute("aria-busy");
      if (document.contains(control)) control.click();
    });
  }

  document.addEventListener("click", keep, true);
  document.addEventListener("DOMContentLoaded", giveBack); // after every deferred script and module, loaded or failed
})();
