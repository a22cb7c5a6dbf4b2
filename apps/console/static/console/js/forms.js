// Small manners of the desk's forms.

/** data-pick on an opener: the person already chosen in the dialog it opens. */
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-pick]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  const choice = dialog && dialog.querySelector("input[name=technician_id][value='" + opener.dataset.pick + "']");
  if (choice) choice.checked = true;
});

/** data-show="fixed=no" or "score=1,2": only then. */
function refresh(form) {
  form.querySelectorAll("[data-show]").forEach((part) => {
    const [name, value] = part.dataset.show.split("=");
    const field = form.elements.namedItem(name);
    const wanted = Boolean(field) && value.split(",").includes(field.value) && !(part.parentElement && part.parentElement.hidden);
    part.hidden = !wanted;
    if (!wanted) part.querySelectorAll("input:checked").forEach((input) => (input.checked = false));
  });
}

function refreshAll() {
  document.querySelectorAll("form[data-whens]").forEach(refresh);
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("form");
  if (!form) return;
  if (form.matches("[data-whens]")) {
    refresh(form);
    refresh(form); // what was cleared may have shown something
  }
  if (form.matches("[data-autosubmit]")) form.submit();
});
document.addEventListener("htmx:afterSwap", refreshAll);
refreshAll();

/** The known customer's name and address, taken over with one click. */
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fill]");
  if (!button) return;
  ["contact_name", "address", "account_no"].forEach((name) => {
    const input = document.querySelector("form [name=" + name + "]");
    const value = button.getAttribute("data-fill-" + name);
    if (input && value) input.value = value;
  });
  const first = document.querySelector("form [name=type_code]");
  if (first) first.focus();
});
