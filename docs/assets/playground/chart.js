/** The picture: the curve with points to drag, and below it what the callbacks count, set and save. */
import { make, short } from "./words.js";

/** Up to so many epochs, each is a point that can be dragged. */
export const MOST_POINTS = 60;
const SHOWN = 300;
const LEFT = 52;
const RIGHT = 16;
const TOP = 30;
const BOTTOM = 190;
const ROW = 40;
const TALL = 80;

/** @typedef {import("./state.js").State} State */

export class Chart {
  /**
   * @param {import("./words.js").Words} words
   * @param {{move: (epoch: number, value: import("./state.js").Value) => void, choose: (epoch: number) => void}} tell
   */
  constructor(words, tell) {
    this.words = words;
    this.tell = tell;
    this.behind = make("svg:g", { "aria-hidden": "true" });
    this.handles = make("svg:g");
    this.above = make("svg:g", { "aria-hidden": "true", "pointer-events": "none" });
    this.svg = make("svg:svg", { class: "picture play-picture" }, this.behind, this.handles, this.above);
    this.svg.addEventListener("pointerdown", (/** @type {any} */ event) => this.grab(event));
    this.svg.addEventListener("pointermove", (/** @type {any} */ event) => this.drag(event));
    for (const end of ["pointerup", "pointercancel"]) this.svg.addEventListener(end, () => this.drop());
    this.svg.addEventListener("keydown", (/** @type {any} */ event) => this.key(event));
    this.held = -1;
    this.chosen = 0;
  }

  /**
   * @param {State} state
   * @param {any} answer what Python said last, or null
   */
  draw(state, answer) {
    this.state = state;
    this.answer = answer;
    this.width = Math.max(300, this.svg.parentNode?.clientWidth || 360);
    this.chosen = Math.min(this.chosen, state.values.length - 1);
    if (this.held < 0) this.scale();
    const rows = this.rows();
    const height = rows.reduce((sum, [, , room]) => sum + room, BOTTOM + 34);
    this.svg.setAttribute("viewBox", `0 0 ${this.width} ${height}`);
    this.drawBehind(rows);
    this.drawHandles();
    this.drawAbove();
  }

  scale() {
    const finite = this.state.values.filter((value) => typeof value === "number");
    const low = finite.length ? finite.reduce((a, b) => Math.min(a, b)) : 0;
    const high = finite.length ? finite.reduce((a, b) => Math.max(a, b)) : 1;
    const room = (high - low) * 0.15 || Math.abs(high) * 0.5 || 1;
    this.low = low - room;
    this.high = high + room;
    if (!Number.isFinite(this.high - this.low)) [this.low, this.high] = [low / 2, high / 2]; // beyond what floats hold
    this.edges = { low, high };
    const step = 10 ** Math.floor(Math.log10((this.high - this.low) / 40));
    this.step = step > 0 ? step : Number.MIN_VALUE;
  }

  /** @param {number} epoch */
  x(epoch) {
    return LEFT + ((this.width - LEFT - RIGHT) * epoch) / Math.max(this.state.values.length - 1, 1);
  }

  /** @param {import("./state.js").Value} value */
  y(value) {
    if (value === "inf") return TOP - 14;
    if (typeof value !== "number") return BOTTOM;
    const part = (value - this.low) / (this.high - this.low);
    return BOTTOM - (BOTTOM - TOP) * Math.min(1.05, Math.max(0, part));
  }

  /** @param {number} epoch */
  ran(epoch) {
    return !this.answer || epoch < this.answer.rows.length;
  }

  /** @param {number} epoch */
  row(epoch) {
    return this.answer?.rows[epoch];
  }

  /** Return the rows below the curve: a title, what to draw, and the room it takes. */
  rows() {
    /** @type {[string, () => any[], number][]} */
    const rows = [];
    const kinds = this.state.callbacks.map(({ kind }) => kind);
    for (const kind of ["EarlyStopping", "ReduceLROnPlateau"])
      if (kinds.includes(kind)) rows.push([`${kind}: wait`, () => this.tiles(kind), ROW]);
    if (kinds.includes("ReduceLROnPlateau") || kinds.includes("LearningRateScheduler"))
      rows.push([this.words.say("col-rate") + this.rateSpan(), () => this.rates(), kinds.includes("LearningRateScheduler") ? TALL : ROW]);
    if (kinds.includes("ModelCheckpoint")) rows.push([`ModelCheckpoint: ${this.words.say("col-files")}`, () => this.files(), ROW]);
    return rows;
  }

  /** Return the epochs to draw: all, or the lowest and the highest of each stretch. */
  epochs() {
    const { values } = this.state;
    if (values.length <= SHOWN) return values.map((_, epoch) => epoch);
    const size = Math.ceil(values.length / (SHOWN / 2));
    /** @type {Set<number>} */
    const kept = new Set();
    for (let first = 0; first < values.length; first += size) {
      let [low, high] = [first, first];
      for (let epoch = first; epoch < Math.min(first + size, values.length); epoch++) {
        if (this.y(values[epoch]) > this.y(values[low])) low = epoch;
        if (this.y(values[epoch]) < this.y(values[high])) high = epoch;
      }
      kept.add(low).add(high);
    }
    return [...kept].sort((a, b) => a - b);
  }

  /** @param {[string, () => any[], number][]} rows */
  drawBehind(rows) {
    const shown = this.epochs();
    const { values } = this.state;
    const parts = [text(4, 14, this.state.curve, "code curve-name")];
    for (const value of new Set([this.edges.high, this.edges.low])) {
      const y = this.y(value);
      parts.push(line(LEFT - 6, y, this.width - RIGHT + 8, y, "grid"), text(LEFT - 10, y + 4, short(value), "number", "end"));
    }
    const every = Math.ceil(values.length / Math.max(2, Math.floor((this.width - LEFT) / 34)));
    for (let epoch = 0; epoch < values.length; epoch += every)
      parts.push(text(this.x(epoch), BOTTOM + 18, String(epoch), "number", "middle"));
    parts.push(text(4, BOTTOM + 18, this.words.say("epoch"), "label"));
    for (const stretch of stretches(shown, values)) {
      const path = stretch.map((epoch) => `${this.x(epoch).toFixed(1)},${this.y(values[epoch]).toFixed(1)}`).join(" ");
      parts.push(make("svg:polyline", { points: path, class: "curve" }));
    }
    this.base = BOTTOM + 34;
    for (const [title, content, room] of rows) {
      this.room = room;
      parts.push(text(4, this.base + 8, title, "faint play-row"), ...(this.answer ? content() : []));
      this.base += room;
    }
    this.behind.replaceChildren(...parts);
  }

  /** @param {string} kind */
  tiles(kind) {
    const wide = Math.min(26, (this.width - LEFT - RIGHT) / this.state.values.length);
    return this.some((row, epoch) => {
      const count = row.wait[kind] ?? 0;
      const stops = row.stop && this.answer.stopper === kind && kind === "EarlyStopping";
      const style = stops ? "tile stopped" : `tile wait-${Math.min(count, 2)}`;
      const box = { x: this.x(epoch) - wide / 2 + 0.5, y: this.base + 13, width: Math.max(wide - 1, 0.5), height: 20 };
      const words = wide > 13 ? text(this.x(epoch), this.base + 28, String(count), stops ? "number on-stop" : "number", "middle") : null;
      return words ? [make("svg:rect", { ...box, rx: 3, class: style }), words] : [make("svg:rect", { ...box, class: style })];
    });
  }

  /** Draw the rate of each epoch as steps, on a logarithmic scale where it spans much. */
  rates() {
    const rates = this.answer.rows.map((/** @type {any} */ row) => row.lr).filter((/** @type {any} */ rate) => typeof rate === "number");
    if (!rates.length) return [];
    const low = rates.reduce((/** @type {number} */ a, /** @type {number} */ b) => Math.min(a, b));
    const high = rates.reduce((/** @type {number} */ a, /** @type {number} */ b) => Math.max(a, b));
    const scaled = low > 0 && high / low > 20 ? Math.log : (/** @type {number} */ rate) => rate;
    const height = (/** @type {number} */ rate) =>
      this.base + this.room - 6 - (this.room - 22) * (high > low ? (scaled(rate) - scaled(low)) / (scaled(high) - scaled(low)) : 0.5);
    let path = "";
    this.some((row, epoch) => {
      if (typeof row.lr !== "number") return [];
      const y = height(row.lr).toFixed(1);
      path += path ? `H${this.x(epoch).toFixed(1)}V${y}` : `M${this.x(epoch).toFixed(1)},${y}`;
      return [];
    });
    return [make("svg:path", { d: path, class: "play-rate" })];
  }

  /** Return the lowest and the highest rate as words. */
  rateSpan() {
    const rates = (this.answer?.rows ?? []).map((/** @type {any} */ row) => row.lr).filter((/** @type {any} */ rate) => typeof rate === "number");
    if (!rates.length) return "";
    const [first, last] = [short(rates[0]), short(rates[rates.length - 1])];
    return first === last ? `: ${first}` : `: ${first} → ${last}`;
  }

  files() {
    return this.some((row, epoch) =>
      row.files.length ? [make("svg:rect", { x: this.x(epoch) - 5, y: this.base + 16, width: 10, height: 13, rx: 2, class: "play-file" })] : [],
    );
  }

  /** @param {(row: any, epoch: number) => any[]} part */
  some(part) {
    const rows = this.answer.rows;
    return this.epochs().flatMap((epoch) => (epoch < rows.length ? part(rows[epoch], epoch) : []));
  }

  drawHandles() {
    const { values } = this.state;
    const few = values.length <= MOST_POINTS;
    const label = this.words.say("chart", { name: this.state.curve, count: this.words.count(values.length) });
    this.svg.setAttribute("role", few ? "group" : "img");
    this.svg.setAttribute("aria-label", label);
    const wanted = few ? values.length : 0;
    while (this.handles.childElementCount > wanted) this.handles.lastElementChild.remove();
    while (this.handles.childElementCount < wanted) this.handles.append(handle(this.handles.childElementCount));
    [...this.handles.children].forEach((point, epoch) => this.place(point, epoch));
  }

  /**
   * @param {any} point
   * @param {number} epoch
   */
  place(point, epoch) {
    const value = this.state.values[epoch];
    const improved = this.row(epoch)?.improved.length;
    const known = typeof value === "number";
    const what = !this.ran(epoch) ? "event-not-trained" : this.stopsAt(epoch) ? "event-stop" : improved ? "event-improves" : "";
    const set = {
      transform: `translate(${this.x(epoch).toFixed(1)} ${this.y(value).toFixed(1)})`,
      class: `play-point${improved ? " is-better" : ""}${this.ran(epoch) ? "" : " is-left"}${known ? "" : " is-odd"}`,
      tabindex: epoch === this.chosen ? 0 : -1,
      "aria-label": this.words.say("point", { epoch }),
      "aria-valuemin": short(Math.min(this.low, known ? value : this.low)),
      "aria-valuemax": short(Math.max(this.high, known ? value : this.high)),
      "aria-valuenow": short(known ? value : this.low),
      "aria-valuetext": short(value) + (what ? `, ${this.words.say(what)}` : ""),
    };
    for (const [name, text] of Object.entries(set)) point.setAttribute(name, String(text));
    point.lastElementChild.textContent = known ? "" : short(value);
  }

  /** @param {number} epoch */
  stopsAt(epoch) {
    return this.answer?.rows.length === epoch + 1 && this.row(epoch).stop;
  }

  drawAbove() {
    /** @type {any[]} */
    const parts = [];
    const last = (this.answer?.rows.length ?? 0) - 1;
    const best = this.answer?.best_epoch;
    if (last >= 0 && this.stopsAt(last) && last < this.state.values.length) {
      const x = this.x(last);
      const right = x > this.width / 2;
      parts.push(line(x, TOP - 12, x, BOTTOM + 4, "stop-line"));
      parts.push(text(x + (right ? -6 : 6), TOP - 8, this.words.say("stop"), "label stop", right ? "end" : "start"));
    }
    if (Number.isInteger(best) && best <= last && best < this.state.values.length && this.row(best)?.improved.length) {
      const [x, y] = [this.x(best), this.y(this.state.values[best])];
      parts.push(make("svg:circle", { cx: x, cy: y, r: 10, class: "best-ring" }));
      const anchor = x < LEFT + 30 ? "start" : x > this.width - 40 ? "end" : "middle";
      parts.push(text(x, y > (TOP + BOTTOM) / 2 ? y - 16 : y + 24, this.words.say("best"), "label best", anchor));
    }
    this.above.replaceChildren(...parts);
  }

  /** @param {PointerEvent} event */
  grab(event) {
    const epoch = this.handleOf(event);
    if (epoch < 0) return;
    event.preventDefault();
    this.svg.setPointerCapture(event.pointerId);
    this.held = epoch;
    this.focus(epoch);
  }

  /** @param {Event} event */
  handleOf(event) {
    const found = /** @type {Element} */ (event.target).closest(".play-point");
    return found ? [...this.handles.children].indexOf(found) : -1;
  }

  /** @param {PointerEvent} event */
  drag(event) {
    if (this.held < 0) return;
    const box = this.svg.getBoundingClientRect();
    const y = ((event.clientY - box.top) * this.width) / box.width;
    const part = Math.min(1, Math.max(0, (BOTTOM - y) / (BOTTOM - TOP)));
    this.tell.move(this.held, this.rounded(this.low + part * (this.high - this.low)));
  }

  drop() {
    if (this.held < 0) return;
    this.held = -1;
    this.draw(this.state, this.answer);
  }

  /** @param {number} value */
  rounded(value) {
    return Number((Math.round(value / this.step) * this.step).toPrecision(6));
  }

  /** @param {number} epoch */
  focus(epoch) {
    this.chosen = epoch;
    this.tell.choose(epoch);
    this.handles.children[epoch]?.focus();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const epoch = this.handleOf(event);
    if (epoch < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    const sideways = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const last = this.state.values.length - 1;
    const upwards = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (sideways) this.focus(Math.min(last, Math.max(0, epoch + sideways)));
    else if (event.key === "Home") this.focus(0);
    else if (event.key === "End") this.focus(last);
    else if (upwards) this.nudge(epoch, upwards);
    else if (event.key === "n" || event.key === "N") this.tell.move(epoch, "nan");
    else return;
    event.preventDefault();
    event.stopPropagation(); // the theme listens to letters too
  }

  /**
   * @param {number} epoch
   * @param {number} steps
   */
  nudge(epoch, steps) {
    const value = this.state.values[epoch];
    const from = typeof value === "number" ? value : value === "inf" ? this.edges.high : this.edges.low;
    this.tell.move(epoch, this.rounded(from + steps * this.step));
  }
}

/** @param {number} epoch */
function handle(epoch) {
  return make(
    "svg:g",
    { role: "slider", "aria-orientation": "vertical", "data-epoch": epoch },
    make("svg:circle", { r: 16, class: "play-grip" }),
    make("svg:circle", { r: 5.5, class: "play-dot" }),
    make("svg:text", { y: -9, "text-anchor": "middle", class: "number", "aria-hidden": "true" }),
  );
}

/**
 * Return the runs of epochs that have a number.
 * @param {number[]} shown
 * @param {import("./state.js").Value[]} values
 */
function stretches(shown, values) {
  /** @type {number[][]} */
  const found = [[]];
  for (const epoch of shown) {
    if (typeof values[epoch] === "number") found[found.length - 1].push(epoch);
    else found.push([]);
  }
  return found.filter((stretch) => stretch.length > 1);
}

/**
 * @param {number} x
 * @param {number} y
 * @param {string} words
 * @param {string} style
 * @param {string} [anchor]
 */
function text(x, y, words, style, anchor = "start") {
  return make("svg:text", { x: x.toFixed(1), y: y.toFixed(1), class: style, "text-anchor": anchor }, words);
}

/**
 * @param {number} x1
 * @param {number} y1
 * @param {number} x2
 * @param {number} y2
 * @param {string} style
 */
function line(x1, y1, x2, y2, style) {
  return make("svg:line", { x1: x1.toFixed(1), y1: y1.toFixed(1), x2: x2.toFixed(1), y2: y2.toFixed(1), class: style });
}
