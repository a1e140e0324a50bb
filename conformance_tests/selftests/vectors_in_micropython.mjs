/**
 * Plays scenarios of the suite in MicroPython: `node vectors_in_micropython.mjs ROOT < jobs.json > traces.json`.
 * A job is `[kind, scenario as JSON]`; the files are those that the playground loads.
 */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [root] = process.argv.slice(2);
const { loadMicroPython } = await import(pathToFileURL(`${root}/docs/assets/vendor/micropython/micropython.mjs`).href);
const { modules, jobs } = JSON.parse(readFileSync(0, "utf8"));
const machine = await loadMicroPython({ heapsize: 16 * 1024 * 1024, stdout: () => {} });
const own = `${root}/docs/assets/playground/python`;
const put = (from, to) => machine.FS.writeFile(`/lib/${to}`, readFileSync(from));
machine.FS.mkdir("/lib");
machine.FS.mkdir("/lib/callback_reference");
for (const name of modules) put(`${root}/reference/callback_reference/${name}`, `callback_reference/${name}`);
for (const name of readdirSync(own).filter((name) => name.endsWith(".py") && name !== "atomic.py")) put(`${own}/${name}`, name);
put(`${own}/atomic.py`, "callback_reference/atomic.py");
put(`${root}/conformance_tests/callback_conformance/functions.py`, "functions.py");
put(`${root}/conformance_tests/selftests/vectors_anywhere.py`, "vectors_anywhere.py");
// What `functions.py` imports for its annotations.
machine.runPython(`
import sys
class Any:
    def __getitem__(self, key):
        return self
class Module:
    Any = Callable = Any()
    abc = None
    TypeVar = staticmethod(lambda name, bound: None)
Module.abc = Module
sys.modules["typing"] = sys.modules["collections.abc"] = Module
`);
const player = machine.pyimport("vectors_anywhere");
const functions = machine.pyimport("functions");
const traces = jobs.map(([kind, scenario]) => {
  try {
    return JSON.parse(player.play(kind, scenario, functions));
  } catch (problem) {
    return String(problem);
  }
});
writeFileSync(1, JSON.stringify(traces));
