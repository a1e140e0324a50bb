/** The page's side of the worker: asks for the newest state only, and starts another worker when one hangs. */

/** Milliseconds without a sign of life after which Python counts as hanging. */
export const PATIENCE = 4000;

export class Python {
  /** @param {string[]} files the modules of the reference that are needed */
  constructor(files) {
    this.files = files;
    this.id = 0;
    /** @type {any} */
    this.waiting = null;
    this.start();
  }

  start() {
    this.worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    this.ready = false;
    this.dead = false;
    this.worker.onmessage = ({ data }) => this.hear(data);
    this.worker.onerror = () => this.hear({ broken: true });
    this.worker.postMessage({ files: this.files });
  }

  /**
   * Run training; the promise of an older request that is not answered yet comes back with null.
   * @param {object} request
   * @param {(number|string)[]} values
   * @param {(done: number) => void} progress
   * @returns {Promise<any>} the answer, or `{problem}`
   */
  ask(request, values, progress) {
    this.waiting?.resolve(null);
    if (this.dead) this.start(); // the network may be back
    return new Promise((resolve) => {
      this.waiting = { resolve, progress };
      this.worker.postMessage({ id: ++this.id, request, values });
      this.watch();
    });
  }

  /** Give Python time from now on. */
  watch() {
    clearTimeout(this.timer);
    const time = this.ready ? PATIENCE : 15 * PATIENCE; // the first one waits for the network
    this.timer = setTimeout(() => {
      this.worker.terminate();
      this.finish({ problem: this.ready ? "hangs" : "broken" });
      this.start();
    }, time);
  }

  /** @param {any} data a message of the worker */
  hear(data) {
    if (data.ready) {
      this.ready = true;
      if (this.waiting) this.watch();
    } else if (data.broken) {
      this.dead = true;
      this.finish({ problem: "broken" });
    } else if (data.id === this.id && data.answer) {
      this.finish(data.answer);
    } else if (data.id === this.id && this.waiting) {
      this.watch();
      this.waiting.progress(data.done);
    }
  }

  /** @param {any} answer */
  finish(answer) {
    clearTimeout(this.timer);
    this.waiting?.resolve(answer);
    this.waiting = null;
  }
}
