// Run one Python program in Pyodide under Node, with a host folder mounted at /host.
//   node in_pyodide.mjs <pyodide folder> <program.py> <host folder>
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [pyodideFolder, program, host] = process.argv.slice(2).map((path) => resolve(path));
const { loadPyodide } = await import(pathToFileURL(`${pyodideFolder}/pyodide.mjs`));
const pyodide = await loadPyodide({ indexURL: `${pyodideFolder}/` });
pyodide.mountNodeFS("/host", host);
pyodide.runPython(readFileSync(program, "utf-8"));
