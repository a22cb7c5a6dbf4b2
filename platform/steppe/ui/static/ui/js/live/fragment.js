// Reads rows out of an answer: <tr>s may stand bare or inside <template>; ids look like t-<public id>.

const PREFIX = "t-";

export function parse(text) {
  const holder = document.createElement("template");
  holder.innerHTML = text;
  return holder.content;
}

export function rowsOf(content) {
  const found = Array.from(content.querySelectorAll("[id^='" + PREFIX + "']"));
  content.querySelectorAll("template").forEach((inner) => found.push.apply(found, rowsOf(inner.content)));
  return found.filter((row) => !row.parentElement || !row.parentElement.closest("[id^='" + PREFIX + "']"));
}

export function idOf(row) {
  return row.id.slice(PREFIX.length);
}

export function rowId(id) {
  return PREFIX + id;
}

export function versionOf(row) {
  return Number(row.dataset.v) || 0;
}

/** (epoch, seq) of a snapshot: an element with both attributes, or two headers. */
export function placeOf(content, headers) {
  const marked = content.querySelector("[data-epoch][data-seq]");
  const epoch = marked ? marked.dataset.epoch : headers.get("X-Live-Epoch");
  const seq = marked ? marked.dataset.seq : headers.get("X-Live-Seq");
  if (epoch === null || seq === null || seq === "") throw new Error("a snapshot without its number");
  return { epoch, seq: Number(seq) };
}
