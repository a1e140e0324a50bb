/**
 * What the reader has chosen, and how a link holds it.
 *
 * `#play&curve=val_loss&values=0.9,0.7,nan&rate=0.01&cb=EarlyStopping&patience=2`: after each `cb`, its arguments.
 * @typedef {number | "nan" | "inf" | "-inf" | "na"} Value  "na": the epoch reports nothing
 * @typedef {{kind: string, given: Record<string, string>}} Chosen
 * @typedef {{curve: string, values: Value[], rate: string, batches: string, callbacks: Chosen[]}} State
 */

const MARK = "#play&";
/** A longer address is cut off by some programs. */
export const LONGEST = 6000;
export const MOST_EPOCHS = 100000;

/**
 * Return the number that a text stands for, or undefined.
 * @param {string} text
 * @returns {Value | undefined}
 */
export function number(text) {
  const word = text.trim().toLowerCase();
  if (/^[+-]?nan$/.test(word)) return "nan";
  const infinite = /^([+-]?)inf(inity)?$/.exec(word);
  if (infinite) return infinite[1] === "-" ? "-inf" : "inf";
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(word)) return undefined;
  const value = Number(word);
  return Number.isFinite(value) ? value : value > 0 ? "inf" : "-inf";
}

/**
 * Return the value of a point that a text stands for, or undefined.
 * @param {string} text
 * @returns {Value | undefined}
 */
export const pointValue = (text) => (/^na$/i.test(text.trim()) ? "na" : number(text));

/**
 * @param {State} state
 * @returns {string} the fragment
 */
export function written(state) {
  const pairs = new URLSearchParams();
  pairs.append("curve", state.curve);
  pairs.append("values", state.values.join(","));
  pairs.append("rate", state.rate);
  pairs.append("batches", state.batches);
  for (const { kind, given } of state.callbacks) {
    pairs.append("cb", kind);
    for (const [name, text] of Object.entries(given)) pairs.append(name, text);
  }
  return MARK + pairs.toString().replace(/%2C/g, ",");
}

/**
 * @param {string} fragment
 * @param {State} otherwise what holds where the fragment is silent
 * @param {Record<string, {name: string}[]>} known the arguments of each callback
 * @returns {State | null} null for a fragment of something else
 * @throws {Error} the fragment is damaged
 */
export function read(fragment, otherwise, known) {
  if (!fragment.startsWith(MARK)) return null;
  /** @type {State} */
  const state = { ...otherwise, callbacks: [] };
  for (const [name, text] of new URLSearchParams(fragment.slice(MARK.length))) take(state, name, text, known);
  if (!state.callbacks.length) state.callbacks = otherwise.callbacks;
  return state;
}

/**
 * @param {State} state
 * @param {string} name
 * @param {string} text
 * @param {Record<string, {name: string}[]>} known
 */
function take(state, name, text, known) {
  const last = state.callbacks[state.callbacks.length - 1];
  if (name === "cb") {
    if (!(text in known) || state.callbacks.some(({ kind }) => kind === text)) throw new Error(text);
    state.callbacks.push({ kind: text, given: {} });
  } else if (last) {
    if (!known[last.kind].some((argument) => argument.name === name)) throw new Error(name);
    last.given[name] = text;
  } else if (name === "values") {
    state.values = text.split(",").map(needed);
    if (state.values.length > MOST_EPOCHS) throw new Error(name);
  } else if (name === "curve" || name === "rate" || name === "batches") {
    state[name] = text;
  } else {
    throw new Error(name);
  }
}

/** @param {string} text */
function needed(text) {
  const value = pointValue(text);
  if (value === undefined) throw new Error(text);
  return value;
}

/**
 * Return the columns of a CSV text.
 * @param {string} text
 * @returns {{problem?: string, columns?: Record<string, string[]>, rows?: number}}
 */
export function table(text) {
  const lines = text.split(/\r?\n/).filter((line) => line.trim());
  if (!lines.length) return { problem: "csv-empty" };
  const separator = [",", ";", "\t"].find((sign) => lines[0].includes(sign)) ?? ",";
  const cut = (/** @type {string} */ line) =>
    line.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"));
  const names = cut(lines[0]);
  if (names.every((name) => number(name) !== undefined)) return { problem: "csv-no-names" };
  if (lines.length < 2) return { problem: "csv-no-rows" };
  if (lines.length - 1 > MOST_EPOCHS) return { problem: "csv-huge", rows: lines.length - 1 };
  const rows = lines.slice(1).map(cut);
  /** @type {Record<string, string[]>} */
  const columns = {};
  names.forEach((name, index) => {
    if (name && name !== "epoch") columns[name] = rows.map((row) => row[index] ?? "");
  });
  return Object.keys(columns).length ? { columns, rows: rows.length } : { problem: "csv-no-columns" };
}

/**
 * Return the values of a column; an empty cell is an epoch that reports nothing.
 * @param {string[]} cells
 * @returns {{values: Value[], wrong?: string, row?: number}}
 */
export function column(cells) {
  /** @type {Value[]} */
  const values = [];
  for (const [row, cell] of cells.entries()) {
    const value = cell === "" ? "na" : pointValue(cell);
    if (value === undefined) return { values, wrong: cell, row };
    values.push(value);
  }
  return { values };
}
