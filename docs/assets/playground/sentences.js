/** What happened, in sentences. */
import { short, tidy } from "./words.js";

const LISTED = 4;

/**
 * @param {import("./state.js").State} state
 * @param {any} answer
 * @param {import("./words.js").Words} words
 * @returns {string[]}
 */
export function sentences(state, answer, words) {
  const kinds = state.callbacks.map(({ kind }) => kind);
  const found = [ending(answer, words)];
  if (kinds.includes("EarlyStopping")) found.push(...best(state, answer, words));
  if (kinds.includes("LearningRateScheduler")) found.push(span(answer, words));
  else if (kinds.includes("ReduceLROnPlateau")) found.push(drops(answer, words));
  if (kinds.includes("ModelCheckpoint")) found.push(files(answer, words));
  return found;
}

/** @param {any} answer @param {import("./words.js").Words} words */
function ending(answer, words) {
  const epoch = answer.rows.length - 1;
  if (answer.error) return words.say("result-raised", { name: answer.error.kind, epoch, message: tidy(answer.error.message) });
  return answer.stopper ? words.say("result-stop", { name: answer.stopper, epoch }) : words.say("result-all", { epoch });
}

/** @param {import("./state.js").State} state @param {any} answer @param {import("./words.js").Words} words */
function best(state, answer, words) {
  const found = [];
  if (answer.best.EarlyStopping !== null) {
    found.push(words.say("result-best", { epoch: answer.best_epoch, value: short(state.values[answer.best_epoch]) }));
  }
  if (!answer.error) {
    const key = answer.restores ? "result-restored" : "result-kept";
    found.push(words.say(key, { epoch: answer.weights }));
  }
  return found;
}

/** @param {any} answer @param {import("./words.js").Words} words */
function span(answer, words) {
  const last = answer.rows.length - 1;
  return words.say("result-rate-span", { first: short(answer.rows[0]?.lr), last: short(answer.rows[last]?.lr), epoch: last });
}

/** @param {any} answer @param {import("./words.js").Words} words */
function drops(answer, words) {
  const found = answer.rows.flatMap((/** @type {any} */ row, /** @type {number} */ epoch) =>
    row.next === row.lr ? [] : [words.say("result-rate-item", { rate: short(row.next), epoch })],
  );
  if (!found.length) return words.say("result-rate-same", { rate: short(answer.rate) });
  return words.say("result-rates", { list: found.slice(0, LISTED).join(words.say("between-items")) + (found.length > LISTED ? " …" : "") });
}

/** @param {any} answer @param {import("./words.js").Words} words */
function files(answer, words) {
  const names = [...new Set(answer.rows.flatMap((/** @type {any} */ row) => row.files))];
  if (!names.length) return words.say("result-no-files");
  const list = names.slice(0, LISTED).join(words.say("between-items"));
  return names.length > LISTED ? words.say("result-files-more", { list, count: words.count(names.length - LISTED) }) : words.say("result-files", { list });
}
