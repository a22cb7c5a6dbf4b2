// How far this page has read the branch's numbered stream.

export class Cursor {
  constructor(epoch, seq) {
    this.epoch = String(epoch);
    this.seq = Number(seq) || 0;
  }

  /** What a frame means to us: "next", "old", "gap" or "epoch". */
  read(frame) {
    if (String(frame.e) !== this.epoch) return "epoch";
    if (frame.s <= this.seq) return "old";
    return frame.s === this.seq + 1 ? "next" : "gap";
  }

  /** A heartbeat carries the head: anything beyond ours was lost on the way. */
  beat(head) {
    if (String(head.e) !== this.epoch) return "epoch";
    return head.s > this.seq ? "gap" : "old";
  }

  advance(seq) {
    if (seq > this.seq) this.seq = seq;
  }

  restart(epoch, seq) {
    this.epoch = String(epoch);
    this.seq = Number(seq) || 0;
  }
}
