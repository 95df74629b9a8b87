// Run one Python program in Pyodide under Node; what to run, and with what, is said in JSON (see node.py).
//   node in_pyodide.mjs '{"pyodide": folder, "program": path, ...}'
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const job = JSON.parse(process.argv[2]);
const { loadPyodide } = await import(pathToFileURL(`${job.pyodide}/pyodide.mjs`));
const missing = [];
try {
  // packageBaseUrl: what this folder has not got is missing, and not to be had from a CDN.
  const folder = `${job.pyodide}/`;
  const pyodide = await loadPyodide({ indexURL: folder, packageBaseUrl: folder, env: job.environment });
  await pyodide.loadPackage(job.packages, { messageCallback: () => {}, errorCallback: (text) => missing.push(text) });
  if (missing.length) throw new Error(missing.join("\n"));
  for (const [where, host] of Object.entries(job.mounts)) pyodide.mountNodeFS(where, host);
  pyodide.globals.set("arguments", pyodide.toPy(job.arguments));
  process.exitCode = pyodide.runPython(readFileSync(job.program, "utf-8")) ?? 0;
} catch (error) {
  // Node would show the line it came from: all of Pyodide, minified.
  console.error(error.message);
  process.exitCode = 1;
}
