/** Words, numbers and elements. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Return a number as short as it can be written with six digits; a value that is no number as it is.
 * @param {number | string | null | undefined} value
 */
export function short(value) {
  return typeof value === "number" ? String(Number(value.toPrecision(6))) : String(value ?? "");
}

/**
 * Shorten the floats in a message of Python: MicroPython does not always find the shortest digits.
 * @param {string} message
 */
export const tidy = (message) =>
  message.replace(/\d+\.\d{14,}(e[+-]?\d+)?/g, (text) => String(Number(Number(text).toPrecision(15))));

/**
 * Make an element; `on…` attributes are listeners, and null or false leaves an attribute out.
 * @param {string} tag with "svg:" before it for a picture
 * @param {Record<string, any>} [attributes]
 * @param {...(Node | string | null)} children
 * @returns {any}
 */
export function make(tag, attributes = {}, ...children) {
  const drawn = tag.startsWith("svg:");
  const made = drawn ? document.createElementNS(SVG, tag.slice(4)) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(.../** @type {(Node|string)[]} */ (children.filter((child) => child !== null)));
  return made;
}

export class Words {
  /**
   * @param {Record<string, string>} table
   * @param {string} language
   */
  constructor(table, language) {
    this.table = table;
    this.counts = new Intl.NumberFormat(language);
  }

  /**
   * Return the words of a key, with values in the braces.
   * @param {string} key
   * @param {Record<string, string | number>} [values]
   */
  say(key, values = {}) {
    return this.table[key].replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
  }

  /** @param {number} value */
  count(value) {
    return this.counts.format(value);
  }
}
