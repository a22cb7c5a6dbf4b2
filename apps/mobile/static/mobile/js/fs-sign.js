// <fs-sign data-upload data-t-…>: the customer's hand on the screen, kept as a picture. It is sent when the finger
// rests; the hidden input then carries its name. Without scripts a photo of a signed sheet serves.
// Touch and mouse events: pointer events are younger than iOS 12.

import { announce, define } from "../../ui/js/lib/dom.js";
import { uuid } from "../../ui/js/lib/uuid.js";
import { upload } from "../../ui/js/photos/upload.js";
import { toast } from "../../ui/js/toast.js";

const REST = 1200;
const INK = 2.4;

class FsSign extends HTMLElement {
  connectedCallback() {
    if (this.sheet) return;
    this.field = this.querySelector("input[type=hidden]");
    this.sheet = this.querySelector("canvas");
    this.querySelector(".photo-add").remove();
    this.sheet.hidden = false;
    ["touchstart", "mousedown"].forEach((name) => this.sheet.addEventListener(name, (event) => this.begin(event)));
    ["touchmove", "mousemove"].forEach((name) => this.sheet.addEventListener(name, (event) => this.draw(event)));
    ["touchend", "touchcancel", "mouseup", "mouseleave"].forEach((name) => this.sheet.addEventListener(name, () => this.lift()));
    this.querySelector("[data-sign-clear]").addEventListener("click", () => this.clear());
    this.addEventListener("once:blocked", () => this.hurry());
    this.mark(this.field.value ? "sent" : "empty");
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  /** The sheet gets its size with the first stroke: before that it may have been hidden. */
  prepare() {
    const ratio = window.devicePixelRatio || 1;
    this.sheet.width = this.sheet.clientWidth * ratio;
    this.sheet.height = this.sheet.clientHeight * ratio;
    this.pen = this.sheet.getContext("2d");
    this.pen.fillStyle = "#fff"; // a JPEG knows no transparency
    this.pen.fillRect(0, 0, this.sheet.width, this.sheet.height);
    this.pen.scale(ratio, ratio);
    Object.assign(this.pen, { lineWidth: INK, lineCap: "round", lineJoin: "round", strokeStyle: "#10161d" });
  }

  begin(event) {
    event.preventDefault();
    if (!this.pen) this.prepare();
    clearTimeout(this.timer);
    this.at = this.place(event);
    this.field.value = "";
    this.mark("drawing");
  }

  draw(event) {
    if (!this.at) return;
    event.preventDefault();
    const here = this.place(event);
    this.pen.beginPath();
    this.pen.moveTo(this.at.x, this.at.y);
    this.pen.lineTo(here.x, here.y);
    this.pen.stroke();
    this.at = here;
  }

  lift() {
    if (!this.at) return;
    this.at = null;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), REST);
  }

  place(event) {
    const point = event.touches ? event.touches[0] : event;
    const box = this.sheet.getBoundingClientRect();
    return { x: point.clientX - box.left, y: point.clientY - box.top };
  }

  /** Somebody wants to go on: no waiting for more strokes. */
  hurry() {
    toast(this.dataset.tWait, { kind: "info" });
    if (this.state !== "drawing" && this.state !== "failed") return;
    clearTimeout(this.timer);
    this.send();
  }

  async send() {
    this.mark("sending");
    try {
      const blob = await new Promise((resolve) => this.sheet.toBlob(resolve, "image/jpeg", 0.85));
      const answer = await upload(this.dataset.upload, blob, uuid(), () => undefined);
      if (this.state !== "sending") return; // drawn on, or wiped, meanwhile
      this.field.value = answer.id;
      this.mark("sent");
    } catch (error) {
      if (this.state !== "sending") return;
      this.mark("failed");
      toast(error.sentence || this.dataset.tFailed, { kind: "bad" });
    }
  }

  clear() {
    clearTimeout(this.timer);
    this.at = this.pen = null;
    this.sheet.width = this.sheet.clientWidth;
    this.field.value = "";
    this.mark("empty");
  }

  /** Blocks the form while there is ink that has not got through. */
  mark(state) {
    this.state = state;
    this.setAttribute("data-state", state);
    this.toggleAttribute("data-blocking", ["drawing", "sending", "failed"].includes(state));
    announce(this, "sign:change", { state });
  }
}

define("fs-sign", FsSign);
