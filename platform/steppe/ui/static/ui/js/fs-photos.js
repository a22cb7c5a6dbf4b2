// <fs-photos>: choose or shoot, shrink, show, upload one after another, retry, remove. A PDF goes as it is.
// Without scripts the file input inside is an ordinary one. Attributes: data-upload, data-name, data-max, data-keep-note, data-t-*.

import { announce, define, icon } from "./lib/dom.js";
import { uuid } from "./lib/uuid.js";
import { shrink } from "./photos/shrink.js";
import { upload } from "./photos/upload.js";
import { toast } from "./toast.js";

class FsPhotos extends HTMLElement {
  connectedCallback() {
    if (this.photos) return;
    this.photos = [];
    this.input = this.querySelector("input[type=file]");
    this.input.removeAttribute("name"); // the shrunken ones are sent; the originals stay on the phone
    this.strip = document.createElement("div");
    this.strip.className = "photo-strip";
    this.insertBefore(this.strip, this.firstChild);
    this.input.addEventListener("change", () => this.add(Array.from(this.input.files)));
    this.addEventListener("once:blocked", () => this.hold());
    this.show();
    if (this.input.files.length) this.add(Array.from(this.input.files)); // chosen before this script was there
  }

  /** The form was held. What failed holds it once: who sends it again knows that it goes without. */
  hold() {
    if (this.pending) return toast(this.dataset.tWait, { kind: "info" });
    this.without = true;
    this.toggleAttribute("data-blocking", false);
    toast(this.dataset.tLeft || this.dataset.tFailed, { kind: "bad" });
  }

  get pending() {
    return this.count("waiting") + this.count("sending");
  }

  count(state) {
    return this.photos.filter((photo) => photo.state === state).length;
  }

  get room() {
    return Number(this.dataset.max || 6) - this.photos.length;
  }

  async add(files) {
    const taken = files.slice(0, Math.max(0, this.room));
    this.input.value = "";
    for (const file of taken) await this.addOne(file);
    this.pump();
  }

  async addOne(file) {
    try {
      const blob = isDocument(file) ? file : await shrink(file, this.hasAttribute("data-keep-note"));
      const photo = { blob, key: uuid(), state: "waiting", id: "" };
      this.photos.push(photo);
      this.draw(photo);
      this.show();
    } catch (error) {
      toast(this.dataset.tUnreadable, { kind: "bad" });
    }
  }

  /** A picture that lies somewhere else (WeChat's album): `send` brings it to the server and answers { id }. */
  addForeign(preview, send) {
    if (this.room <= 0) return;
    const photo = { preview, send, key: uuid(), state: "waiting", id: "" };
    this.photos.push(photo);
    this.draw(photo);
    this.show();
    this.pump();
  }

  /** One at a time: several at once on a weak network all fail together. */
  async pump() {
    if (this.pumping) return;
    this.pumping = true;
    for (let next = this.waiting(); next; next = this.waiting()) await this.send(next);
    this.pumping = false;
  }

  waiting() {
    return this.photos.find((photo) => photo.state === "waiting");
  }

  async send(photo) {
    photo.state = "sending";
    this.show();
    try {
      const answer = await this.bring(photo);
      photo.state = "sent";
      photo.id = answer.id;
      photo.hidden.value = answer.id;
      photo.hidden.disabled = false;
    } catch (error) {
      photo.state = "failed"; // kept, with the same key: a retry cannot become a second photo
      this.without = false;
      toast(error.sentence || this.dataset.tFailed, { kind: "bad" });
    }
    this.show();
  }

  bring(photo) {
    if (photo.send) return photo.send();
    return upload(this.dataset.upload, photo.blob, photo.key, (part) => (photo.bar.value = part));
  }

  remove(photo) {
    this.photos = this.photos.filter((other) => other !== photo);
    photo.box.remove();
    if (photo.address) URL.revokeObjectURL(photo.address);
    this.show();
  }

  draw(photo) {
    photo.box = document.createElement("figure");
    photo.box.className = "photo";
    photo.bar = document.createElement("progress");
    photo.hidden = document.createElement("input");
    photo.hidden.type = "hidden";
    photo.hidden.name = this.dataset.name || "photos";
    photo.hidden.disabled = true;
    const parts = [face(photo), photo.bar, photo.hidden, this.removeButton(photo), this.retryButton(photo)];
    parts.forEach((part) => photo.box.appendChild(part));
    this.strip.appendChild(photo.box);
  }

  removeButton(photo) {
    const button = this.button("photo-remove", "close", this.dataset.tRemove);
    button.addEventListener("click", () => this.remove(photo));
    return button;
  }

  retryButton(photo) {
    const button = this.button("photo-retry", "refresh", this.dataset.tRetry);
    button.addEventListener("click", () => {
      photo.state = "waiting";
      this.pump();
    });
    return button;
  }

  button(css, shape, label) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = css;
    button.setAttribute("aria-label", label || "");
    button.appendChild(icon(shape));
    return button;
  }

  show() {
    const pending = this.pending;
    const failed = this.count("failed");
    this.photos.forEach((photo) => photo.box && photo.box.setAttribute("data-state", photo.state));
    this.dataset.count = String(this.photos.length);
    this.toggleAttribute("data-blocking", pending > 0 || (failed > 0 && !this.without));
    this.toggleAttribute("data-full", this.room <= 0);
    announce(this, "photos:change", { count: this.photos.length, sent: this.count("sent"), pending, failed });
  }
}

function face(photo) {
  if (photo.send) return photo.preview ? shown(photo.preview) : sheet({ blob: {} });
  return isDocument(photo.blob) ? sheet(photo) : picture(photo);
}

function isDocument(file) {
  return file.type === "application/pdf";
}

function picture(photo) {
  photo.address = URL.createObjectURL(photo.blob);
  return shown(photo.address);
}

function shown(address) {
  const image = new Image();
  image.src = address;
  image.alt = "";
  return image;
}

/** A document has no face: its sign and its name. */
function sheet(photo) {
  const box = document.createElement("span");
  box.className = "photo-doc";
  box.appendChild(icon("doc"));
  box.appendChild(document.createTextNode(photo.blob.name || "PDF"));
  return box;
}

define("fs-photos", FsPhotos);
