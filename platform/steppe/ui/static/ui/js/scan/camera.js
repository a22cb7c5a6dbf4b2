// The camera of a browser: its own reader of bar codes where there is one, else ours, fetched when it is first wanted.

import { icon } from "../lib/dom.js";

const WANTED = ["code_128", "code_39", "ean_13", "ean_8", "upc_a", "itf", "qr_code", "data_matrix"];
const LOOK = 160; // ms between two looks
const SAME = 2500; // the same code counts again after so long

export function hasCamera() {
  return Boolean(window.isSecureContext !== false && navigator.mediaDevices && navigator.mediaDevices.getUserMedia);
}

/** Opens a view; `take(text)` for each code, and what it returns is shown. `many`: it stays open. */
export async function openCamera(words, take, many) {
  const view = drawView(words);
  const shown = { open: true, last: "", at: 0 };
  view.close = () => {
    shown.open = false;
    stop(view);
  };
  view.node.addEventListener("click", (event) => event.target.closest("button") && view.close());
  view.node.addEventListener("keydown", (event) => event.key === "Escape" && view.close());
  try {
    view.video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
    await view.video.play();
    const look = await reader(words.reader);
    while (shown.open) {
      const texts = view.video.readyState > 1 ? await look(view.video) : [];
      if (shown.open) texts.forEach((text) => found(text, shown, view, take, many));
      await new Promise((resolve) => setTimeout(resolve, LOOK));
    }
  } catch (error) {
    view.said.textContent = words.tCamera;
  }
}

function found(text, shown, view, take, many) {
  const now = Date.now();
  if (!text || (text === shown.last && now - shown.at < SAME)) return;
  shown.last = text;
  shown.at = now;
  if (navigator.vibrate) navigator.vibrate(60);
  view.said.textContent = text;
  take(text);
  if (!many) view.close();
}

async function reader(address) {
  const own = window.BarcodeDetector ? await window.BarcodeDetector.getSupportedFormats().catch(() => []) : [];
  if (own.includes("code_128")) {
    const detector = new window.BarcodeDetector({ formats: WANTED.filter((one) => own.includes(one)) });
    return (video) => detector.detect(video).then((all) => all.map((one) => one.rawValue), () => []);
  }
  await load(address);
  const ours = new window.ZXing.BrowserMultiFormatReader();
  return (video) => {
    try {
      return [ours.decode(video).getText()];
    } catch (error) {
      return []; // nothing in this picture
    }
  };
}

function load(address) {
  if (window.ZXing) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = reject;
    document.head.appendChild(script);
  });
}

function drawView(words) {
  const node = document.createElement("div");
  const video = document.createElement("video");
  const said = document.createElement("p");
  const button = document.createElement("button");
  node.className = "scan-view";
  node.setAttribute("role", "dialog");
  node.setAttribute("aria-modal", "true");
  node.setAttribute("aria-label", words.tAim);
  video.setAttribute("playsinline", "");
  video.muted = true;
  said.setAttribute("role", "status");
  said.textContent = words.tAim;
  button.type = "button";
  button.appendChild(icon("close"));
  button.appendChild(document.createTextNode(words.tClose));
  [video, said, button].forEach((part) => node.appendChild(part));
  document.body.appendChild(node);
  button.focus();
  return { node, video, said };
}

function stop(view) {
  const stream = view.video.srcObject;
  if (stream) stream.getTracks().forEach((track) => track.stop());
  view.node.remove();
}
