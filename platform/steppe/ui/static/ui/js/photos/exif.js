// Which way up a photo was taken. Browsers before Chromium 81 / iOS 13.4 draw it as it lies.

const TURNED_BY_BROWSER = window.CSS && CSS.supports && CSS.supports("image-orientation", "from-image");

/** EXIF orientation 1–8 that we have to apply ourselves; 1 when there is nothing to do. */
export async function orientation(file) {
  if (TURNED_BY_BROWSER || file.type !== "image/jpeg") return 1;
  return readOrientation(await bytesOf(file.slice(0, 131072)));
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
  let at = 2;
  while (at + 4 < view.byteLength && view.getUint8(at) === 0xff) {
    const length = view.getUint16(at + 2);
    const isExif = view.getUint16(at) === 0xffe1 && at + 10 < view.byteLength && view.getUint32(at + 4) === 0x45786966;
    if (isExif) return tagIn(view, at + 10);
    at += 2 + length;
  }
  return 1;
}

function tagIn(view, start) {
  const little = view.getUint16(start) === 0x4949;
  const table = start + view.getUint32(start + 4, little);
  if (table + 2 > view.byteLength) return 1;
  const count = view.getUint16(table, little);
  for (let entry = 0; entry < count; entry += 1) {
    const at = table + 2 + entry * 12;
    if (at + 10 > view.byteLength) return 1;
    if (view.getUint16(at, little) === 0x0112) return view.getUint16(at + 8, little);
  }
  return 1;
}
