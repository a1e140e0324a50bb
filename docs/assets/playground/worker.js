/**
 * Runs the reference in MicroPython, away from the page, so that nothing that Python does can freeze it.
 * Takes `{files}` once, then requests `{id, request, values}`; answers `{id, done}` while it works, then `{id, answer}`.
 */
/** Epochs that are trained in one call of Python. */
const CHUNK = 500;
const HEAP = 16 * 1024 * 1024;

/** @type {Promise<any>} */
let python;
/** The number of the request asked for last; an older one is given up. */
let latest = 0;

/**
 * Start MicroPython with the files of the reference and those of the playground.
 * @param {string[]} names the modules of the reference
 */
async function start(names) {
  const read = async (/** @type {string} */ path) => {
    const answer = await fetch(new URL(path, import.meta.url));
    if (!answer.ok) throw new Error(`${answer.status} ${path}`);
    return answer.text();
  };
  const own = ["bridge.py", "floats.py", "warnings.py"].map((name) => [`/lib/${name}`, `python/${name}`]);
  const reference = names.map((name) => [`/lib/callback_reference/${name}`, `reference/${name}`]);
  const atomic = [["/lib/callback_reference/atomic.py", "python/atomic.py"]];
  const wanted = [...own, ...reference, ...atomic];
  const [machine, ...texts] = await Promise.all([
    import("../vendor/micropython/micropython.mjs").then(({ loadMicroPython }) =>
      loadMicroPython({ heapsize: HEAP, stdout: () => {}, stderr: () => {} }),
    ),
    ...wanted.map(([, path]) => read(path)),
  ]);
  machine.FS.mkdir("/lib");
  machine.FS.mkdir("/lib/callback_reference");
  wanted.forEach(([path], index) => machine.FS.writeFile(path, texts[index]));
  return machine.pyimport("bridge");
}

/**
 * Train epoch after epoch, and give up when something newer is asked for.
 * @param {{id: number, request: object, values: (number|string)[]}} job
 */
async function run({ id, request, values }) {
  const bridge = await python;
  if (id !== latest) return;
  const rows = [];
  let error = JSON.parse(bridge.begin(JSON.stringify({ ...request, epochs: values.length })));
  for (let first = 0; first < values.length && !error; first += CHUNK) {
    const chunk = values.slice(first, first + CHUNK);
    const seen = JSON.parse(bridge.go(JSON.stringify(chunk)));
    for (const row of seen) rows.push(row);
    if (seen.length < chunk.length || seen[seen.length - 1].stop) break;
    postMessage({ id, done: rows.length });
    await new Promise((resume) => setTimeout(resume));
    if (id !== latest) return;
  }
  postMessage({ id, answer: { ...JSON.parse(bridge.end()), rows } });
}

onmessage = async ({ data }) => {
  if (data.files) {
    python = start(data.files);
    python.then(() => postMessage({ ready: true }), (problem) => postMessage({ broken: String(problem) }));
    return;
  }
  latest = data.id;
  try {
    await run(data);
  } catch (problem) {
    postMessage({ id: data.id, broken: String(problem) });
  }
};
