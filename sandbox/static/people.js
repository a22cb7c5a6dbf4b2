/* Narrows the list of people while somebody types; without it the form asks the server the same. */
(function () {
  "use strict";

  var field = document.querySelector(".find-text");
  var nobody = document.getElementById("found-nobody");

  function narrow() {
    var asked = field.value.trim().toLowerCase();
    var found = 0;
    Array.prototype.forEach.call(document.querySelectorAll("main section"), function (group) {
      var here = 0;
      Array.prototype.forEach.call(group.querySelectorAll(".person"), function (person) {
        var fits = person.dataset.words.toLowerCase().indexOf(asked) >= 0;
        person.parentNode.hidden = !fits;
        here += fits ? 1 : 0;
      });
      group.hidden = !here;
      group.querySelector(".count").textContent = here;
      found += here;
    });
    nobody.hidden = found > 0;
  }

  function widen() { // the server has narrowed the list: an emptied field shows everybody again
    if (!field.value) { window.location.assign(field.form.action); }
  }

  if (field) { field.addEventListener("input", field.defaultValue ? widen : narrow); }
}());
