// Start Python under Node, import modules, and write down its memory; what to do is said in JSON (see snapshot.py).
//   node snapshot.mjs '{"pyodide": folder, "files": pack, ...}'
import crypto from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { exchange, unpack } from "./laid_out.mjs";

const job = JSON.parse(process.argv[2]);
process.argv.splice(1, 2, "python"); // Python has its name from there, and would remember where the site was built.
const HEADER = 4; // in Pyodide's own form, 32 bits: magic, where the memory begins, ...

// The same memory at every build: no chance, no clock, no place.
process.env.TZ = "UTC";
crypto.randomFillSync = (bytes) => bytes.fill(0);
Math.random = () => 0;
const then = 1000 * job.epoch;
globalThis.Date = class extends Date {
  static now = () => then;
  constructor(...given) {
    super(...(given.length ? given : [then]));
  }
};
let now = 0;
performance.now = () => (now += 0.001);
// Modules ask for it when they are imported, and it will be there.
globalThis.XMLHttpRequest ??= class {};

// What Python holds of Pyodide's own, by its name there.
const named = (owners) => (held) => {
  for (const [owner, object] of Object.entries(owners)) {
    if (held === object) return [owner];
    const name = Object.keys(Object.getOwnPropertyDescriptors(object)).find((name) => held === object[name]);
    if (name) return [owner, name];
  }
  throw new Error(`Python holds something that cannot be written down: ${String(held).slice(0, 80)}`);
};

async function main() {
  const { loadPyodide } = await import(pathToFileURL(`${job.pyodide}/pyodide.mjs`));
  const { default: createPyodideModule } = await import(pathToFileURL(`${job.pyodide}/pyodide.asm.mjs`));
  let api;
  const pyodide = await loadPyodide({
    createPyodideModule: (settings) => {
      api = settings.API;
      return createPyodideModule(settings);
    },
    indexURL: `${job.pyodide}/`,
    packageBaseUrl: `${job.pyodide}/`,
    stdLibURL: job.nothing, // It is among the files, as in the browser.
    env: job.environment,
    fsInit: async (FS) => unpack(FS, readFileSync(job.files)),
    _makeSnapshot: true,
  });
  // micropip keeps it, to write lock files with.
  api.config.packageCacheDir = api.config.packageBaseUrl = "./";
  // Apart from Python's main module, which is the learner's.
  const globals = pyodide.toPy({ names: job.imports });
  const imported = pyodide.runPython(readFileSync(job.program, "utf-8"), { globals });
  // Pyodide wants none loaded; which ones are is known to whoever wakes it.
  for (const name of Object.keys(pyodide.loadedPackages)) delete pyodide.loadedPackages[name];
  const snapshot = pyodide.makeMemorySnapshot({ serializer: named({ pyodide, api }) });
  const begins = new Uint32Array(snapshot.buffer, 0, HEADER)[1];
  exchange(snapshot.subarray(begins), readFileSync(`${job.pyodide}/pyodide.asm.wasm`));
  writeFileSync(job.target, gzipSync(snapshot, { level: 9 }));
  console.log(imported);
}

main().catch((error) => {
  // Node would show the line it came from: all of Pyodide, minified.
  console.error(error.message);
  process.exitCode = 1;
});
