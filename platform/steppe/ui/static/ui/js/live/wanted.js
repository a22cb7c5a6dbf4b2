// Ids whose rows have to be fetched: gathered for 250 ms, at most 100 in a request, one request in flight.

const PAUSE = 250;
const MOST = 100;

export class Wanted {
  constructor(fetchRows, served) {
    this.fetchRows = fetchRows; // (ids) → promise
    this.served = served;
    this.ids = new Set();
    this.timer = 0;
    this.busy = false;
    this.failures = 0;
  }

  add(id) {
    this.ids.add(id);
    this.later(PAUSE);
  }

  later(wait) {
    if (this.timer || this.busy) return;
    this.timer = setTimeout(() => {
      this.timer = 0;
      this.pump();
    }, wait);
  }

  async pump() {
    const batch = Array.from(this.ids).slice(0, MOST);
    if (!batch.length) return;
    this.busy = true;
    batch.forEach((id) => this.ids.delete(id));
    try {
      await this.fetchRows(batch);
      this.failures = 0;
      this.served();
    } catch (error) {
      batch.forEach((id) => this.ids.add(id)); // still owed
      this.failures += 1;
    }
    this.busy = false;
    if (this.ids.size) this.later(this.failures ? Math.min(15000, 1000 * this.failures) : PAUSE);
  }

  /** A fresh list has come: what was asked before it is in it. */
  clear() {
    this.ids.clear();
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.ids.clear();
  }
}
