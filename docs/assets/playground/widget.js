/** One playground: what the reader does goes into the state, the state to Python, and Python's answer onto the page. */
import { Chart, MOST_POINTS } from "./chart.js";
import { Form, NAMES, forbidden, labelled, valueOf } from "./form.js";
import { PATIENCE } from "./python.js";
import { LONGEST, MOST_EPOCHS, column, number, pointValue, read, table, written } from "./state.js";
import { fillTable } from "./table.js";
import { Words, make, tidy } from "./words.js";
import { sentences } from "./sentences.js";

const MOST_BATCHES = 1000;
/** Milliseconds after a change until the address is written: browsers refuse it if it comes too often. */
const SETTLED = 400;

export class Playground {
  /**
   * @param {HTMLElement} place
   * @param {import("./python.js").Python} python
   */
  constructor(place, python) {
    const data = JSON.parse(place.querySelector(".play-data")?.textContent ?? "{}");
    this.place = place;
    this.kinds = data.kinds;
    this.example = data.example;
    this.words = new Words(data.words, data.language);
    this.python = python;
    /** @type {any} the answer that is shown, and the state it belongs to */
    this.answer = null;
    this.chart = new Chart(this.words, {
      move: (epoch, value) => this.move(epoch, value),
      choose: (epoch) => this.show(epoch),
    });
    this.form = new Form(this.words, this.kinds, data.all, () => this.changed());
    this.build();
    this.follow();
    addEventListener("hashchange", () => this.follow());
    addEventListener("resize", () => this.chart.draw(this.state, this.answer));
  }

  /** Put everything onto the page. */
  build() {
    const say = (/** @type {string} */ key) => this.words.say(key);
    this.status = make("p", { class: "play-status", "aria-live": "polite" }, say("loading"));
    this.problem = make("p", { class: "play-problem", "aria-live": "polite" });
    this.notes = make("div", { class: "play-notes" });
    const entry = { autocomplete: "off", spellcheck: "false" };
    this.epoch = make("input", { name: "epoch", inputmode: "numeric", ...entry, onchange: () => this.pick() });
    this.value = make("input", { name: "value", inputmode: "text", ...entry, onchange: () => this.type() });
    const button = (/** @type {string} */ key, /** @type {() => void} */ act) =>
      make("button", { type: "button", class: "play-button", "data-act": key, onclick: act }, say(key));
    const tools = make(
      "div",
      { class: "play-tools" },
      labelled(say("epoch"), this.epoch, ""),
      labelled(say("value"), this.value, ""),
      button("add", () => this.lengthen()),
      button("remove", () => this.shorten()),
      button("reset", () => this.restart()),
      button("copy", () => this.copy()),
    );
    this.rows = make("table", { class: "play-table" });
    const wide = { class: "play-scroll", tabindex: 0, role: "region", "aria-label": say("table") };
    const numbers = make("details", { class: "play-numbers" }, make("summary", {}, say("table")), make("div", wide, this.rows));
    const picture = make("div", { class: "play-frame" }, this.chart.svg);
    const help = make("p", { class: "play-help" }, say("help"));
    const parts = [this.status, this.problem, picture, this.notes, help, tools, this.form.place, this.csv(), numbers];
    const whole = make("div", { class: "play-whole", role: "group", "aria-label": say("title") }, ...parts);
    this.place.querySelector(".play-wait")?.replaceWith(whole);
  }

  /** Return the field for a run of the reader's own. */
  csv() {
    this.text = make("textarea", { rows: 5, name: "csv", spellcheck: "false", autocomplete: "off", placeholder: "epoch,loss,val_loss\n0,0.9,1.0\n1,0.7,0.8" });
    this.column = make("select", { name: "column", onchange: () => this.take(this.column.value) });
    this.columns = labelled(this.words.say("csv-column"), this.column, "");
    this.columns.hidden = true;
    const apply = make("button", { type: "button", class: "play-button", "data-act": "csv", onclick: () => this.paste() }, this.words.say("csv-apply"));
    const field = labelled(this.words.say("csv-label"), this.text, "");
    field.classList.add("is-wide");
    return make("details", { class: "play-csv" }, make("summary", {}, this.words.say("csv-title")), make("div", { class: "play-fields" }, field, this.columns), apply);
  }

  /** Take the state from the address, or begin with the example. */
  follow() {
    let state = null;
    let damaged = "";
    if (location.hash === this.wrote) return;
    try {
      state = read(location.hash, structuredClone(this.example), this.kinds);
    } catch (problem) {
      damaged = /** @type {Error} */ (problem).message.slice(0, 40);
    }
    if (!state && !damaged && this.state) return; // an anchor of the page
    this.begin(state ?? structuredClone(this.example));
    if (damaged) this.complain("link", { text: damaged });
  }

  /** @param {import("./state.js").State} state */
  begin(state) {
    this.state = state;
    this.form.draw(state);
    this.show(Math.min(this.chart.chosen, state.values.length - 1));
    this.changed(false);
  }

  restart() {
    this.columns.hidden = true;
    this.chart.chosen = 0;
    this.begin(structuredClone(this.example));
    this.remember();
  }

  /**
   * Say what is wrong, and leave the picture.
   * @param {string} key
   * @param {Record<string, string | number>} [values]
   */
  complain(key, values = {}) {
    this.problem.textContent = this.words.say(`problem-${key}`, values);
  }

  /**
   * The state has changed: draw the curve now, and ask Python for the rest.
   * @param {boolean} [keep] whether the address is to hold it
   */
  changed(keep = true) {
    this.problem.textContent = "";
    this.chart.draw(this.state, this.answer);
    if (keep) this.remember();
    const wrong = this.wrong();
    if (wrong) this.complain(...wrong);
    else this.ask();
  }

  /** @returns {[string, Record<string, string | number>] | null} what only the page can refuse */
  wrong() {
    const { curve, rate, batches, callbacks } = this.state;
    const speed = number(rate);
    if (!curve.trim()) return ["name", {}];
    if (!callbacks.length) return ["nobody", {}];
    if (typeof speed !== "number" || speed <= 0 || speed > 1000) return ["rate", { text: rate.slice(0, 40) }];
    const count = Number(batches);
    const most = this.words.count(MOST_BATCHES);
    if (!/^\d+$/.test(batches.trim()) || count < 1 || count > MOST_BATCHES) return ["batches", { text: batches.slice(0, 40), most }];
    for (const { given } of callbacks) {
      const word = given.schedule === undefined ? "" : forbidden(given.schedule);
      if (word) return ["word", { text: word.slice(0, 40), names: NAMES.join(", ") }];
    }
    return null;
  }

  /** Ask Python, and show its answer unless something newer has been asked. */
  async ask() {
    const { curve, rate, batches, callbacks, values } = this.state;
    const count = this.words.count(values.length);
    const request = { name: curve, rate: Number(rate), batches: Number(batches), callbacks: callbacks.map((callback) => this.argumentsOf(callback)) };
    const answer = await this.python.ask(request, values, (done) => {
      this.status.textContent = this.words.say("running", { done: this.words.count(done), count });
    });
    if (!answer) return;
    if (answer.problem) {
      this.complain(answer.problem, { seconds: PATIENCE / 1000 });
      this.tell();
      return;
    }
    if (answer.error && !this.outcome(answer)) this.refuse(answer.error);
    else this.accept(answer);
  }

  /** @param {import("./state.js").Chosen} callback */
  argumentsOf({ kind, given }) {
    const known = this.kinds[kind];
    const pairs = Object.entries(given).map(([name, text]) => {
      return [name, valueOf(known.find((/** @type {any} */ argument) => argument.name === name), text)];
    });
    return [kind, Object.fromEntries(pairs)];
  }

  /**
   * Tell whether the exception is what the reader asked for.
   * @param {any} answer
   */
  outcome(answer) {
    return answer.error.kind === "TerminateOnNaN" && answer.error.type === "RuntimeError";
  }

  /** @param {any} error */
  refuse({ kind, type, message, epoch }) {
    const values = { name: kind, epoch: (epoch ?? 1) - 1, message: tidy(message) };
    if (type === "SyntaxError") this.complain("syntax");
    else this.complain(epoch ? "raised" : "refused", values);
    this.tell();
  }

  /** @param {any} answer */
  accept(answer) {
    this.answer = answer;
    this.shown = structuredClone(this.state);
    this.chart.draw(this.state, answer);
    this.tell();
    fillTable(this.rows, this.shown, answer, this.words);
    this.note();
    this.place.setAttribute("data-answer", String(Number(this.place.getAttribute("data-answer") ?? 0) + 1));
  }

  /** Say what the picture shows. */
  tell() {
    this.status.textContent = this.answer ? sentences(this.shown, this.answer, this.words).join(this.words.say("between-sentences")) : "";
  }

  /** Say what the picture does not show. */
  note() {
    const { values, callbacks, curve } = this.state;
    const found = this.answer.warned.map((/** @type {[string]} */ [message]) => this.words.say("note-warned", { message }));
    if (callbacks.some(({ kind }) => kind === "TerminateOnNaN") && curve !== "loss") found.push(this.words.say("note-loss", { name: curve }));
    if (values.some((value) => typeof value !== "number")) found.push(this.words.say("note-edge"));
    if (values.length > MOST_POINTS) {
      const [shown, count] = [this.chart.epochs().length, values.length].map((many) => this.words.count(many));
      found.push(this.words.say("note-sampled", { shown, count, most: MOST_POINTS }));
    }
    this.notes.replaceChildren(...found.map((words) => make("p", {}, words)));
  }

  /**
   * @param {number} epoch
   * @param {import("./state.js").Value} value
   */
  move(epoch, value) {
    this.state.values[epoch] = value;
    this.show(epoch);
    this.changed();
  }

  /**
   * Show an epoch in the fields.
   * @param {number} epoch
   */
  show(epoch) {
    this.chart.chosen = epoch;
    this.epoch.value = String(epoch);
    this.value.value = String(this.state.values[epoch]);
    if (this.answer) this.chart.draw(this.state, this.answer);
  }

  /** The reader has typed an epoch. */
  pick() {
    const epoch = Number(this.epoch.value);
    const last = this.state.values.length - 1;
    if (/^\d+$/.test(this.epoch.value.trim()) && epoch <= last) {
      this.problem.textContent = "";
      return this.show(epoch);
    }
    this.complain("epoch", { text: this.epoch.value.slice(0, 40), last: this.words.count(last) });
    this.epoch.value = String(this.chart.chosen);
  }

  /** The reader has typed a value. */
  type() {
    const value = pointValue(this.value.value);
    if (value !== undefined) return this.move(this.chart.chosen, value);
    this.complain("value", { text: this.value.value.slice(0, 40) });
    this.value.value = String(this.state.values[this.chart.chosen]);
  }

  lengthen() {
    const { values } = this.state;
    if (values.length >= MOST_EPOCHS) return this.complain("most", { most: this.words.count(MOST_EPOCHS) });
    values.push(values[values.length - 1]);
    this.show(values.length - 1);
    this.changed();
  }

  shorten() {
    const { values } = this.state;
    if (values.length < 2) return this.complain("last");
    values.pop();
    this.show(Math.min(this.chart.chosen, values.length - 1));
    this.changed();
  }

  /** Read the text that the reader has pasted. */
  paste() {
    const { problem, columns, rows } = table(this.text.value);
    if (problem || !columns) {
      return this.complain(problem ?? "csv-empty", { rows: this.words.count(rows ?? 0), most: this.words.count(MOST_EPOCHS) });
    }
    this.found = columns;
    const names = Object.keys(columns);
    this.column.replaceChildren(...names.map((name) => make("option", { value: name }, name)));
    this.columns.hidden = false;
    const name = [this.state.curve, "val_loss", "loss", names[0]].find((wanted) => names.includes(wanted)) ?? names[0];
    this.column.value = name;
    this.take(name);
  }

  /**
   * Make a column of the text the curve.
   * @param {string} name
   */
  take(name) {
    const { values, wrong, row } = column(/** @type {any} */ (this.found)[name]);
    if (wrong !== undefined) return this.complain("csv-cell", { name, row: (row ?? 0) + 2, text: wrong.slice(0, 40) });
    this.form.rename(name);
    this.state.values = values;
    this.begin(this.state);
    this.remember();
  }

  /** Write the state into the address, when the reader has come to rest. */
  remember() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.write(), SETTLED);
  }

  /** @returns {boolean} whether the address holds the state */
  write() {
    clearTimeout(this.resting);
    const fragment = this.state.values.length > LONGEST / 2 ? "" : written(this.state);
    if (!fragment || fragment.length > LONGEST) return false;
    history.replaceState(history.state, "", fragment);
    this.wrote = location.hash;
    return true;
  }

  async copy() {
    if (!this.write()) return this.complain("long", { count: this.words.count(this.state.values.length) });
    try {
      await navigator.clipboard.writeText(location.href);
      this.problem.textContent = this.words.say("copied");
    } catch {
      this.problem.textContent = this.words.say("not-copied");
    }
  }
}
