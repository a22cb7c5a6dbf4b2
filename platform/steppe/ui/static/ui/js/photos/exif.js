// What the camera wrote into a photo (EXIF): which way up it was taken, and the whole note, to hand it on.
// Browsers before Chromium 81 / iOS 13.4 draw a photo as it lies.

const TURNED_BY_BROWSER = window.CSS && CSS.supports && CSS.supports("image-orientation", "from-image");

/** EXIF orientation 1–8 that we have to apply ourselves; 1 when there is nothing to do. */
export async function orientation(file) {
  if (TURNED_BY_BROWSER || file.type !== "image/jpeg") return 1;
  return readOrientation(await bytesOf(file.slice(0, 131072)));
}

/** The camera's whole note as a piece to put into another JPEG, upright now; nothing where there is none. */
export async function noteOf(file) {
  if (file.type !== "image/jpeg") return null;
  const view = await bytesOf(file.slice(0, 131072));
  const at = findNote(view);
  const end = at && at + 2 + view.getUint16(at + 2);
  if (!at || end > view.byteLength) return null;
  const turn = findTurn(view, at + 10);
  if (turn) view.setUint16(turn.at, 1, turn.little);
  return view.buffer.slice(at, end);
}

function bytesOf(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(new DataView(reader.result));
    reader.onerror = reject;
    reader.readAsArrayBuffer(blob);
  });
}

export function readOrientation(view) {
  const at = findNote(view);
  const turn = at && findTurn(view, at + 10);
  return turn ? view.getUint16(turn.at, turn.little) : 1;
}

/** Where the note's part of the file begins; 0 where there is none. */
function findNote(view) {
  let at = 2;
  while (at + 4 < view.byteLength && view.getUint8(at) === 0xff) {
    const isExif = view.getUint16(at) === 0xffe1 && at + 10 < view.byteLength && view.getUint32(at + 4) === 0x45786966;
    if (isExif) return at;
    at += 2 + view.getUint16(at + 2);
  }
  return 0;
}

/** Where the note says which way up. */
function findTurn(view, start) {
  if (start + 8 > view.byteLength) return null;
  const little = view.getUint16(start) === 0x4949;
  const table = start + view.getUint32(start + 4, little);
  if (table + 2 > view.byteLength) return null;
  const count = view.getUint16(table, little);
  for (let entry = 0; entry < count; entry += 1) {
    const at = table + 2 + entry * 12;
    if (at + 10 > view.byteLength) return null;
    if (view.getUint16(at, little) === 0x0112) return { at: at + 8, little };
  }
  return null;
}
