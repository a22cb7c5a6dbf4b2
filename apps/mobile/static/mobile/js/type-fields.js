// The fields of the chosen type, and of no other: data-type-fields names the type whose fields a part holds.
// The others stay in the page (a change of mind loses nothing); the server reads only those of the chosen type.

function show() {
  const chosen = document.querySelector("input[name=type_code]:checked");
  document.querySelectorAll("[data-type-fields]").forEach((part) => {
    const wanted = Boolean(chosen) && part.dataset.typeFields === chosen.value;
    part.classList.toggle("is-chosen", wanted);
    part.disabled = !wanted;
  });
}

document.addEventListener("change", (event) => event.target.name === "type_code" && show());
window.addEventListener("pageshow", show); // the browser may have kept what was chosen
show();
