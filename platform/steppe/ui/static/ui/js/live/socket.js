// One WebSocket that comes back by itself: random back-off, a limit on silence, and a word when it struggles.

const DIAL_LIMIT = 4000; // some proxies swallow the handshake and say nothing
const SILENCE = 45000; // the server beats every 20 s
const STRUGGLE = { failures: 2, within: 10000 };
const LONGEST = 30000;

export class Socket {
  constructor(url, doors) {
    this.url = url;
    this.doors = doors; // open(), frame(data), closed(struggling)
    this.failures = [];
    this.tries = 0;
    this.wire = null;
    this.isOpen = false;
    this.timers = { dial: 0, silence: 0, retry: 0 };
  }

  dial() {
    this.drop();
    let wire;
    try {
      wire = new WebSocket(this.url);
    } catch (error) {
      this.failed();
      return;
    }
    this.wire = wire;
    this.timers.dial = setTimeout(() => this.failed(), DIAL_LIMIT);
    wire.onopen = () => this.opened();
    wire.onmessage = (event) => this.heard(event.data);
    wire.onclose = () => this.failed();
  }

  opened() {
    clearTimeout(this.timers.dial);
    this.isOpen = true;
    this.watch();
    this.doors.open();
  }

  heard(text) {
    this.watch();
    let frame;
    try {
      frame = JSON.parse(text);
    } catch (error) {
      return;
    }
    this.tries = 0; // a server that speaks is well: the next loss starts with a short wait again
    this.doors.frame(frame);
  }

  watch() {
    clearTimeout(this.timers.silence);
    this.timers.silence = setTimeout(() => this.failed(), SILENCE);
  }

  failed() {
    this.drop();
    const now = Date.now();
    this.failures = this.failures.filter((at) => now - at < STRUGGLE.within).concat(now);
    this.tries += 1;
    this.timers.retry = setTimeout(() => this.dial(), this.pause());
    this.doors.closed(this.failures.length >= STRUGGLE.failures);
  }

  /** Random, so that five hundred desks do not return in the same second after a restart. */
  pause() {
    const step = Math.min(LONGEST, 500 * Math.pow(2, this.tries - 1));
    return step * (0.5 + Math.random() / 2);
  }

  drop() {
    Object.keys(this.timers).forEach((name) => clearTimeout(this.timers[name]));
    this.isOpen = false;
    if (!this.wire) return;
    this.wire.onopen = this.wire.onmessage = this.wire.onclose = null;
    this.wire.close();
    this.wire = null;
  }
}
