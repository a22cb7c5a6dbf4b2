// Keeps the cursor dense: applies the next frame, fetches what a gap hides, asks for a snapshot in a new epoch.
// While it is catching up, frames wait; afterwards they are read again, so nothing is lost and nothing counts twice.

const HELD = 2000; // more than this while catching up: forget them, the next catch-up covers them

export class Follower {
  constructor(cursor, doors) {
    this.cursor = cursor;
    this.doors = doors; // hint(frame), hints(after) → answer, snapshot(), trouble(error), contact()
    this.held = [];
    this.running = null;
    this.behind = true;
  }

  take(frame) {
    if (this.running) {
      if (this.held.length < HELD) this.held.push(frame);
      return;
    }
    // a hello or a heartbeat tells where the stream stands and holds no event of its own
    const verdict = frame.t ? this.cursor.beat(frame) : this.cursor.read(frame);
    if (verdict === "next") this.apply(frame);
    else if (verdict === "gap") this.catchUp();
    else if (verdict === "epoch") this.restart();
    else if (this.behind && frame.t) this.catchUp();
  }

  apply(frame) {
    this.cursor.advance(frame.s);
    if (frame.k !== "-") this.doors.hint(frame);
  }

  /** Everything after our number; one at a time. */
  catchUp() {
    return this.once(async () => {
      const answer = await this.doors.hints(this.cursor.seq);
      if (answer.snapshot || String(answer.epoch) !== this.cursor.epoch) return this.doors.snapshot();
      for (const hint of answer.hints) {
        if (hint.s === undefined || hint.s > this.cursor.seq) this.doors.hint(hint);
      }
      this.cursor.advance(answer.head);
      return undefined;
    });
  }

  /** The whole list afresh. */
  restart() {
    return this.once(() => this.doors.snapshot());
  }

  once(work) {
    if (!this.running) this.running = this.run(work);
    return this.running;
  }

  async run(work) {
    try {
      await work();
      this.behind = false;
      this.doors.contact();
    } catch (error) {
      this.behind = true;
      this.held = [];
      this.doors.trouble(error);
    } finally {
      this.running = null;
    }
    const held = this.held;
    this.held = [];
    held.forEach((frame) => this.take(frame));
    return !this.behind;
  }
}
