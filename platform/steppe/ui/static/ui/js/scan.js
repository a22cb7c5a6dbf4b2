// Scanning into any field. [data-scan]: a hand scanner's codes, and a button for WeChat's scanner or the camera;
// [data-scan-list]: a list that counts itself. Each code is announced as "scan:read" at the field; nobody takes it:
// an input is filled in, a list gets one line more. The words stand in #scan-words (ui/_scan.html).

import { announce, icon } from "./lib/dom.js";
import { toast } from "./toast.js";
import { hasCamera, openCamera } from "./scan/camera.js";
import { addLine, tell } from "./scan/list.js";
import { listen } from "./scan/wedge.js";

const FIELDS = "[data-scan], [data-scan-list]";

function words() {
  const node = document.getElementById("scan-words");
  return node ? node.dataset : {};
}

function take(field, text) {
  if (!announce(field, "scan:read", { text })) return;
  if (field.matches("textarea")) {
    addLine(field, text);
    return;
  }
  field.value = text.slice(0, field.maxLength > 0 ? field.maxLength : 60);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function enhance(root) {
  root.querySelectorAll("[data-scan-list]").forEach((area) => tell(area, words()));
  if (!document.getElementById("scan-words")) return;
  root.querySelectorAll(FIELDS).forEach((field) => field.dataset.scanReady || offer(field));
}

/** A button beside the field, as soon as there is something to scan with. On a desk that has a hand scanner. */
function offer(field) {
  field.dataset.scanReady = "1";
  const wx = document.querySelector("fs-wx");
  const inWechat = wx ? customElements.whenDefined("fs-wx").then(() => wx.ready) : Promise.resolve(false);
  inWechat.then((ok) => {
    const camera = hasCamera() && window.matchMedia("(pointer: coarse)").matches;
    if (ok || camera) field.insertAdjacentElement("afterend", button(field, ok));
  });
}

function button(field, inWechat) {
  const made = document.createElement("button");
  const phone = document.body.classList.contains("phone-page");
  made.type = "button";
  made.className = "scan-button " + (phone ? "act act-round act-small" : "btn");
  made.appendChild(icon("scan"));
  made.appendChild(document.createTextNode(words().tScan));
  made.addEventListener("click", () => (inWechat ? askWechat(field) : openCamera(words(), (text) => take(field, text), isMany(field))));
  return made;
}

function isMany(field) {
  return field.dataset.scan === "many" || field.dataset.scanList !== undefined;
}

/** WeChat reads one code at a time: the next one is asked for until somebody goes back. */
function askWechat(field) {
  window.wx.scanQRCode({
    needResult: 1,
    scanType: ["qrCode", "barCode"],
    success: (got) => {
      take(field, got.resultStr || "");
      if (isMany(field)) askWechat(field);
    },
    fail: () => toast(words().tCamera, { kind: "bad" }),
  });
}

document.addEventListener("input", (event) => {
  if (event.target.matches && event.target.matches("[data-scan-list]")) tell(event.target, words());
});
document.addEventListener("htmx:load", (event) => enhance(event.detail.elt));
listen(take);
enhance(document);
