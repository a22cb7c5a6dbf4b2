// The ladder: a socket while it holds; after two failures in ten seconds also polling, until a socket holds again.

import { Socket } from "./socket.js";

const POLL = 5000;

export class Feed {
  constructor(url, doors, options) {
    this.doors = doors; // connected(), frame(data), lost(), poll() → promise, changed()
    this.pollEvery = (options && options.poll) || POLL;
    this.polling = false;
    this.timer = 0;
    this.socket = url
      ? new Socket(url, {
          open: () => this.connected(),
          frame: (frame) => doors.frame(frame),
          closed: (struggling) => this.lost(struggling),
        })
      : null;
  }

  start() {
    if (this.socket) this.socket.dial();
    else this.startPolling();
  }

  stop() {
    if (this.socket) this.socket.drop();
    this.stopPolling();
  }

  get isOpen() {
    return Boolean(this.socket && this.socket.isOpen);
  }

  connected() {
    this.stopPolling();
    this.doors.connected();
  }

  lost(struggling) {
    this.doors.lost();
    if (struggling) this.startPolling();
  }

  startPolling() {
    if (this.polling) return;
    this.polling = true;
    this.doors.changed();
    this.beat(0);
  }

  stopPolling() {
    this.polling = false;
    clearTimeout(this.timer);
  }

  beat(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      await this.doors.poll();
      if (this.polling) this.beat(this.pollEvery * (0.8 + Math.random() * 0.4));
    }, wait);
  }
}
