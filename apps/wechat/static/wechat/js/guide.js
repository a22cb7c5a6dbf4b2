// The guide: copy buttons (they need a script, so they are hidden without one), and a link to a step opens it.

function copy(button) {
  const field = document.getElementById(button.dataset.copy);
  field.select();
  const done = () => {
    const word = button.firstChild;
    const before = word.textContent;
    word.textContent = button.dataset.copied;
    setTimeout(() => (word.textContent = before), 2000);
  };
  if (navigator.clipboard) navigator.clipboard.writeText(field.value).then(done, () => {});
  else if (document.execCommand("copy")) done();
}

function openTarget() {
  const step = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  if (step && step.tagName === "DETAILS") step.open = true;
}

document.querySelectorAll("[data-copy]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
});
window.addEventListener("hashchange", openTarget);
document.querySelectorAll('a[href^="#at-"]').forEach((link) =>
  link.addEventListener("click", () => setTimeout(openTarget, 0)));
openTarget();
