// Pictures of a ticket large, one after another, over the page. Without scripts each opens by itself.

const LIST = "[data-sights]";

document.addEventListener("click", (event) => {
  const link = event.target.closest(`${LIST} a[data-sight]`);
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  open(link);
});

function open(link) {
  const list = link.closest(LIST);
  const links = Array.from(list.querySelectorAll("a[data-sight]"));
  const dialog = document.createElement("fs-dialog");
  dialog.className = "sight";
  dialog.dataset.passing = "";
  const words = list.dataset;
  const picture = new Image();
  const caption = document.createElement("p");
  let at = links.indexOf(link);
  const turn = (by) => {
    at = (at + by + links.length) % links.length;
    picture.src = links[at].href;
    picture.alt = links[at].dataset.sight;
    caption.textContent = links.length > 1 ? `${picture.alt} · ${at + 1}/${links.length}` : picture.alt;
  };
  const box = document.createElement("div");
  box.className = "sight-box";
  box.appendChild(picture);
  const bar = document.createElement("div");
  bar.className = "sight-bar";
  bar.appendChild(caption);
  if (links.length > 1) {
    bar.appendChild(button(words.tBefore, () => turn(-1)));
    bar.appendChild(button(words.tNext, () => turn(1)));
  }
  bar.appendChild(button(words.tClose, () => dialog.close()));
  box.appendChild(bar);
  dialog.appendChild(box);
  dialog.setAttribute("aria-label", words.tSights);
  dialog.addEventListener("keydown", (event) => {
    if (event.code === "ArrowLeft") turn(-1);
    if (event.code === "ArrowRight") turn(1);
  });
  document.body.appendChild(dialog);
  turn(0);
  dialog.show();
}

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}
