/** The form: callbacks, their arguments with defaults, and the training itself. */
import { number } from "./state.js";
import { make } from "./words.js";

export const PRESETS = {
  exponential: "lr * 0.8",
  linear: "max(0.0001, 0.01 * (1 - epoch / 10))",
  step: "lr * 0.5 if epoch and epoch % 3 == 0 else lr",
  cosine: "0.005 * (1 + cos(pi * epoch / 12))",
};
export const NAMES = ["abs", "cos", "exp", "float", "floor", "int", "log", "max", "min", "pi", "pow", "round", "sin", "sqrt"];
const KEYWORDS = ["epoch", "lr", "if", "else", "and", "or", "not", "for", "in", "range", "sum", "True", "False"];

/**
 * Return what an expression of a schedule may not hold, or "". A link can carry an expression to another reader, so
 * it may only count: no attribute, no text, no name that leads out of arithmetic.
 * @param {string} expression
 */
export function forbidden(expression) {
  const strange = expression.match(/[^\s\w()+\-*/%<>=!,.]/);
  if (strange) return strange[0];
  const bare = expression.replace(/(?<!\w)(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?/g, " ");
  const names = bare.match(/\.\s*[^\W\d]\w*|[^\W\d]\w*|\./g) ?? [];
  const known = (/** @type {string} */ name) => /^[a-z]$/.test(name) || NAMES.includes(name) || KEYWORDS.includes(name);
  return names.find((name) => !known(name)) ?? "";
}

/**
 * Return the value of a field as JSON for Python: a number where the text is one, None, True and False by name.
 * @param {{type: string}} argument
 * @param {string} text
 */
export function valueOf({ type }, text) {
  if (type === "flag") return text === "True";
  if (type !== "number") return text;
  if (text.trim() === "None") return null;
  return number(text) ?? text;
}

export class Form {
  /**
   * @param {import("./words.js").Words} words
   * @param {Record<string, any[]>} kinds
   * @param {boolean} all whether the reader may choose callbacks
   * @param {() => void} changed
   */
  constructor(words, kinds, all, changed) {
    this.words = words;
    this.kinds = kinds;
    this.all = all;
    this.changed = changed;
    this.place = make("div", { class: "play-form" });
  }

  /** @param {import("./state.js").State} state the form writes into it */
  draw(state) {
    this.state = state;
    this.named = state.curve;
    const chosen = state.callbacks.map((callback) => this.callback(callback));
    this.place.replaceChildren(...(this.all ? [this.list()] : []), ...chosen, this.training());
  }

  list() {
    const chosen = this.state.callbacks.map(({ kind }) => kind);
    const rest = Object.keys(this.kinds).filter((kind) => !chosen.includes(kind));
    const rows = [...chosen, ...rest].map((kind) => this.choice(kind, chosen.indexOf(kind)));
    return make("fieldset", { class: "play-list" }, make("legend", {}, this.words.say("callbacks")), ...rows);
  }

  /**
   * @param {string} kind
   * @param {number} index its place in the list, or -1
   */
  choice(kind, index) {
    const { callbacks } = this.state;
    const box = make("input", { type: "checkbox", checked: index >= 0, "data-kind": kind, onchange: () => this.toggle(kind) });
    const button = (/** @type {string} */ key, /** @type {string} */ sign, /** @type {number} */ other) =>
      make(
        "button",
        { type: "button", class: "play-move", "aria-label": this.words.say(key, { name: kind }), disabled: index < 0 || !callbacks[other], onclick: () => this.swap(index, other) },
        sign,
      );
    return make(
      "div",
      { class: "play-choice" },
      make("label", {}, box, " ", make("code", {}, kind)),
      button("earlier", "↑", index - 1),
      button("later", "↓", index + 1),
    );
  }

  /** @param {string} kind */
  toggle(kind) {
    const { callbacks } = this.state;
    const index = callbacks.findIndex((callback) => callback.kind === kind);
    if (index >= 0) callbacks.splice(index, 1);
    else callbacks.push({ kind, given: this.beginning(kind) });
    this.again(`[data-kind="${kind}"]`);
  }

  /** @param {string} kind */
  beginning(kind) {
    /** @type {Record<string, string>} */
    const given = {};
    const { curve } = this.state;
    if (this.kinds[kind].some(({ name, ...rest }) => name === "monitor" && rest.default !== curve)) given.monitor = curve;
    if (kind === "ModelCheckpoint") given.filepath = "{epoch:02d}.keras";
    if (kind === "LearningRateScheduler") given.schedule = PRESETS.exponential;
    return given;
  }

  /**
   * @param {number} index
   * @param {number} other
   */
  swap(index, other) {
    const { callbacks } = this.state;
    const { kind } = callbacks[index];
    [callbacks[index], callbacks[other]] = [callbacks[other], callbacks[index]];
    this.again(`[data-kind="${kind}"]`);
  }

  /** @param {string} focus where the focus goes after the form is drawn anew */
  again(focus) {
    this.draw(this.state);
    this.place.querySelector(focus)?.focus();
    this.changed();
  }

  /** @param {{kind: string, given: Record<string, string>}} callback */
  callback({ kind, given }) {
    const fields = this.kinds[kind].flatMap((argument) =>
      argument.name === "schedule" ? this.schedule(kind, given) : [this.field(kind, argument, given)],
    );
    return make("fieldset", { "data-callback": kind }, make("legend", {}, make("code", {}, kind)), make("div", { class: "play-fields" }, ...fields));
  }

  /**
   * @param {string} kind
   * @param {any} argument
   * @param {Record<string, string>} given
   */
  field(kind, argument, given) {
    const now = given[argument.name] ?? argument.default;
    const set = (/** @type {any} */ event) => {
      if (event.target.value === argument.default) delete given[argument.name];
      else given[argument.name] = event.target.value;
      this.changed();
    };
    const name = `${kind}.${argument.name}`;
    const hint = this.words.say(`arg-${argument.name}`) + (argument.default && argument.name !== "filepath" ? ` · ${this.words.say("default", { value: argument.default })}` : "");
    const options = { flag: ["True", "False"], mode: ["auto", "min", "max"] }[/** @type {string} */ (argument.type)];
    const input = options
      ? make("select", { name, onchange: set }, ...options.map((option) => make("option", { selected: option === now }, option)))
      : make("input", { name, value: now, inputmode: argument.type === "number" ? "decimal" : null, autocomplete: "off", spellcheck: "false", autocapitalize: "off", oninput: set });
    return labelled(make("code", {}, argument.name), input, hint);
  }

  /**
   * @param {string} kind
   * @param {Record<string, string>} given
   */
  schedule(kind, given) {
    const preset = () => Object.entries(PRESETS).find(([, text]) => text === given.schedule)?.[0] ?? "own";
    const input = make("input", {
      name: `${kind}.schedule`, value: given.schedule ?? "", autocomplete: "off", spellcheck: "false", autocapitalize: "off", class: "play-code",
      oninput: () => {
        given.schedule = input.value;
        select.value = preset();
        this.changed();
      },
    });
    const select = make(
      "select",
      { name: `${kind}.preset`, onchange: () => {
        if (select.value === "own") return input.focus();
        given.schedule = input.value = /** @type {Record<string, string>} */ (PRESETS)[select.value];
        this.changed();
      } },
      ...[...Object.keys(PRESETS), "own"].map((name) => make("option", { value: name }, this.words.say(`preset-${name}`))),
    );
    select.value = preset();
    const wide = labelled(make("code", {}, "schedule"), input, this.words.say("arg-schedule"));
    wide.classList.add("is-wide");
    return [labelled(this.words.say("preset"), select, ""), wide];
  }

  training() {
    const field = (/** @type {"curve"|"rate"|"batches"} */ name) =>
      labelled(
        this.words.say(name),
        make("input", { name, value: this.state[name], autocomplete: "off", spellcheck: "false", inputmode: name === "curve" ? null : "decimal", oninput: (/** @type {any} */ event) => this.train(name, event.target.value) }),
        "",
      );
    const kinds = Object.keys(this.kinds).join();
    const fields = [field("curve")];
    if (/LearningRate|ReduceLR/.test(kinds)) fields.push(field("rate"));
    if (/Checkpoint|NaN/.test(kinds)) fields.push(field("batches"));
    return make("fieldset", {}, make("legend", {}, this.words.say("training")), make("div", { class: "play-fields" }, ...fields));
  }

  /**
   * @param {"curve"|"rate"|"batches"} name
   * @param {string} text
   */
  train(name, text) {
    if (name === "curve") this.rename(text);
    else this.state[name] = text;
    this.changed();
  }

  /**
   * Give the curve another name; what watched it goes on watching it.
   * @param {string} curve
   */
  rename(curve) {
    const before = this.named;
    this.state.curve = curve;
    if (!curve.trim()) return;
    this.named = curve;
    for (const { kind, given } of this.state.callbacks) {
      const monitor = this.kinds[kind].find(({ name }) => name === "monitor");
      if (monitor && (given.monitor ?? monitor.default) === before) {
        given.monitor = curve;
        if (curve === monitor.default) delete given.monitor;
        const field = this.place.querySelector(`[name="${kind}.monitor"]`);
        if (field) field.value = curve;
      }
      if (given.filepath) this.refile(kind, given, before, curve);
    }
  }

  /**
   * @param {string} kind
   * @param {Record<string, string>} given
   * @param {string} before
   * @param {string} curve
   */
  refile(kind, given, before, curve) {
    given.filepath = given.filepath.replace(`{${before}:`, `{${curve}:`).replace(`{${before}}`, `{${curve}}`);
    const field = this.place.querySelector(`[name="${kind}.filepath"]`);
    if (field) field.value = given.filepath;
  }
}

/**
 * @param {Node | string} name
 * @param {any} input
 * @param {string} hint
 */
export function labelled(name, input, hint) {
  return make("label", { class: "play-field" }, make("span", {}, name), input, hint ? make("small", {}, hint) : null);
}
