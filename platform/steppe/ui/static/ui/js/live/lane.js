// One request at a time: answers then arrive in the order the questions were asked, so old never follows new.

export class Lane {
  constructor() {
    this.last = Promise.resolve();
  }

  run(work) {
    const next = this.last.then(work, work);
    this.last = next.catch(() => undefined);
    return next;
  }
}
