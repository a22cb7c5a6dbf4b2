// A phone's photo made small enough for a weak network: longest side 1600 px, JPEG .75, about 250 kB.
// Drawing anew also leaves out the place and time hidden in the file, unless they are asked for (proof of work): then
// the camera's note goes along, and the server drops it once it has read place and time.

import { noteOf, orientation } from "./exif.js";

const LONGEST = 1600;
const QUALITY = 0.75;

export async function shrink(file, withNote) {
  const [image, turn] = await Promise.all([load(file), orientation(file)]);
  const blob = await jpeg(draw(image, turn));
  const note = withNote ? await noteOf(file) : null;
  return note ? new Blob([blob.slice(0, 2), note, blob.slice(2)], { type: "image/jpeg" }) : blob;
}

function jpeg(canvas) {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/jpeg", QUALITY);
  });
}

function load(file) {
  return new Promise((resolve, reject) => {
    const address = URL.createObjectURL(file);
    const image = new Image();
    const done = (act, value) => {
      URL.revokeObjectURL(address);
      act(value);
    };
    image.onload = () => done(resolve, image);
    image.onerror = () => done(reject, new Error("no picture"));
    image.src = address;
  });
}

/** Scaled while drawing: iOS refuses a canvas above 16 megapixels. */
function draw(image, turn) {
  const scale = Math.min(1, LONGEST / Math.max(image.naturalWidth, image.naturalHeight));
  const width = Math.max(1, Math.round(image.naturalWidth * scale));
  const height = Math.max(1, Math.round(image.naturalHeight * scale));
  const canvas = document.createElement("canvas");
  const lying = turn > 4;
  canvas.width = lying ? height : width;
  canvas.height = lying ? width : height;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  straighten(pen, turn, width, height);
  pen.drawImage(image, 0, 0, width, height);
  return canvas;
}

function straighten(pen, turn, w, h) {
  const by = {
    2: [-1, 0, 0, 1, w, 0],
    3: [-1, 0, 0, -1, w, h],
    4: [1, 0, 0, -1, 0, h],
    5: [0, 1, 1, 0, 0, 0],
    6: [0, 1, -1, 0, h, 0],
    7: [0, -1, -1, 0, h, w],
    8: [0, -1, 1, 0, 0, w],
  }[turn];
  if (by) pen.transform(by[0], by[1], by[2], by[3], by[4], by[5]);
}
