// <details class="menu">: closes when the person looks elsewhere or has chosen.

document.addEventListener("click", (event) => {
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(event.target) || event.target.closest(".menu-item")) menu.open = false;
  });
});

document.addEventListener("keydown", (event) => {
  if (event.code !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
