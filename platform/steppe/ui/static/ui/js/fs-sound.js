// <fs-sound>: the 开始值班 button. A browser lets us sound only after a gesture; the tones are made, not loaded.
// One soft note for a newcomer, two falling tones when a row says data-alarm (once for each row and alarm).

import { define } from "./lib/dom.js";

const QUIET = 2000; // at most one note in two seconds: twenty newcomers are one event for the ear

class FsSound extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("button");
    this.rung = new Set();
    this.last = 0;
    this.button.addEventListener("click", () => this.toggle());
    this.onRow = (event) => this.hear(event.detail);
    document.addEventListener("live:row", this.onRow);
    this.show();
  }

  disconnectedCallback() {
    document.removeEventListener("live:row", this.onRow);
  }

  get isOn() {
    return Boolean(this.context) && this.context.state === "running";
  }

  async toggle() {
    const Context = window.AudioContext || window.webkitAudioContext;
    if (!Context) return;
    const wasOn = this.isOn; // asked first: a context that a gesture makes is running at once
    if (!this.context) this.context = new Context();
    if (wasOn) await this.context.suspend();
    else await this.context.resume();
    if (this.isOn) this.tone(660, 0, 0.12);
    this.show();
  }

  show() {
    this.setAttribute("data-state", this.isOn ? "on" : "off");
    this.button.setAttribute("aria-pressed", String(this.isOn));
    const label = this.button.querySelector("[data-text]");
    if (label) label.textContent = this.isOn ? this.dataset.tOn : this.dataset.tOff;
  }

  hear({ id, row, change }) {
    const alarm = row.dataset.alarm && change !== "gone" ? id + ":" + row.dataset.alarm : "";
    if (alarm && !this.rung.has(alarm)) {
      this.rung.add(alarm);
      this.play([[784, 0], [523, 0.22]]);
    } else if (change === "new") this.play([[660, 0]]);
  }

  play(tones) {
    const now = Date.now();
    if (!this.isOn || now - this.last < QUIET) return;
    this.last = now;
    tones.forEach(([pitch, start]) => this.tone(pitch, start, 0.3));
  }

  tone(pitch, start, length) {
    const at = this.context.currentTime + start;
    const voice = this.context.createOscillator();
    const level = this.context.createGain();
    voice.frequency.value = pitch;
    level.gain.setValueAtTime(0.0001, at);
    level.gain.exponentialRampToValueAtTime(0.18, at + 0.02);
    level.gain.exponentialRampToValueAtTime(0.0001, at + length);
    voice.connect(level);
    level.connect(this.context.destination);
    voice.start(at);
    voice.stop(at + length + 0.05);
  }
}

define("fs-sound", FsSound);
