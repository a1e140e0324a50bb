/** The table of epochs: the picture for those who read it. */
import { make, short } from "./words.js";

const MOST_ROWS = 200;
const FIRST = 50;

/**
 * @param {HTMLElement} place
 * @param {import("./state.js").State} state
 * @param {any} answer
 * @param {import("./words.js").Words} words
 */
export function fillTable(place, state, answer, words) {
  const kinds = state.callbacks.map(({ kind }) => kind);
  const columns = columnsOf(state, answer, words, kinds);
  const shown = epochs(state, answer);
  const head = make("tr", {}, ...columns.map(([title]) => make("th", { scope: "col" }, title)));
  const body = shown.map((epoch) => make("tr", { "data-epoch": epoch }, ...columns.map(([, cell], index) => make(index ? "td" : "th", index ? {} : { scope: "row" }, cell(epoch)))));
  const [few, count] = [shown.length, state.values.length].map((many) => words.count(many));
  const caption = shown.length < state.values.length ? [make("caption", {}, words.say("note-rows", { shown: few, count }))] : [];
  place.replaceChildren(...caption, make("thead", {}, head), make("tbody", {}, ...body));
}

/**
 * @param {import("./state.js").State} state
 * @param {any} answer
 */
function epochs(state, answer) {
  const every = state.values.map((_, epoch) => epoch);
  if (every.length <= MOST_ROWS) return every;
  const notable = every.filter((epoch) => epoch >= FIRST && epoch < answer.rows.length && happens(answer, epoch));
  return [...every.slice(0, FIRST), ...notable.slice(-(MOST_ROWS - FIRST))];
}

/**
 * @param {any} answer
 * @param {number} epoch
 */
function happens(answer, epoch) {
  const row = answer.rows[epoch];
  return row.stop || row.files.length || row.improved.length || row.next !== row.lr || epoch === answer.rows.length - 1;
}

/**
 * @param {import("./state.js").State} state
 * @param {any} answer
 * @param {import("./words.js").Words} words
 * @param {string[]} kinds
 * @returns {[string, (epoch: number) => string][]}
 */
function columnsOf(state, answer, words, kinds) {
  const row = (/** @type {number} */ epoch) => answer.rows[epoch];
  /** @type {[string, (epoch: number) => string][]} */
  const columns = [
    [words.say("epoch"), String],
    [state.curve, (epoch) => short(state.values[epoch])],
  ];
  for (const kind of ["EarlyStopping", "ReduceLROnPlateau"]) {
    if (kinds.includes(kind)) columns.push([`${kind}: wait`, (epoch) => String(row(epoch)?.wait[kind] ?? "")]);
  }
  if (kinds.includes("ReduceLROnPlateau")) {
    columns.push(["ReduceLROnPlateau: cooldown_counter", (epoch) => String(row(epoch)?.cooldown_counter.ReduceLROnPlateau ?? "")]);
  }
  if (kinds.some((kind) => kind.includes("LR") || kind.includes("LearningRate"))) {
    columns.push([words.say("col-rate"), (epoch) => short(row(epoch)?.lr)]);
  }
  if (kinds.includes("ModelCheckpoint")) columns.push([words.say("col-files"), (epoch) => row(epoch)?.files.join(", ") ?? ""]);
  columns.push([words.say("col-event"), (epoch) => events(answer, words, kinds, epoch)]);
  return columns;
}

/**
 * @param {any} answer
 * @param {import("./words.js").Words} words
 * @param {string[]} kinds
 * @param {number} epoch
 */
function events(answer, words, kinds, epoch) {
  const row = answer.rows[epoch];
  if (!row) return words.say("event-not-trained");
  const found = [];
  if (row.improved.length) found.push(`${words.say("event-improves")} (${row.improved.map((/** @type {number} */ index) => kinds[index]).join(", ")})`);
  if (epoch === answer.best_epoch && row.improved.length) found.push(words.say("event-best"));
  if (typeof row.next === "number" && row.next < row.lr) found.push(words.say("event-drop", { rate: short(row.next) }));
  if (row.stop) found.push(words.say("event-stop"));
  if (answer.restores && epoch === answer.weights) found.push(words.say("event-restored"));
  return found.join(" · ");
}
