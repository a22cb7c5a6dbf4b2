// A question before something that cannot be undone: hx-confirm and data-confirm ask in our own dialog,
// with the words of the page's <template id="confirm">.

import "./fs-dialog.js";

function askFirst(question, yes) {
  const model = document.getElementById("confirm");
  const dialog = model && model.content.querySelector("fs-dialog").cloneNode(true);
  if (!dialog) {
    if (window.confirm(question)) yes();
    return;
  }
  dialog.querySelector("[data-question]").textContent = question;
  document.body.appendChild(dialog);
  dialog.querySelector("[data-yes]").addEventListener("click", () => {
    dialog.close();
    yes();
  });
  dialog.show();
}

document.addEventListener("htmx:confirm", (event) => {
  const question = event.detail.question;
  if (!question) return;
  event.preventDefault();
  askFirst(question, () => event.detail.issueRequest(true));
});

document.addEventListener("click", (event) => {
  const control = event.target.closest("[data-confirm]");
  if (!control || control.dataset.confirmed !== undefined) return;
  event.preventDefault();
  event.stopPropagation();
  askFirst(control.dataset.confirm, () => {
    control.dataset.confirmed = "";
    control.click();
    delete control.dataset.confirmed;
  });
}, true);
