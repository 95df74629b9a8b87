// Run one Python program in Pyodide under Node; what to run, and with what, is said in JSON (see node.py).
//   node in_pyodide.mjs '{"pyodide": folder, "program": path, ...}'
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const job = JSON.parse(process.argv[2]);
const { loadPyodide } = await import(pathToFileURL(`${job.pyodide}/pyodide.mjs`));
try {
  const pyodide = await loadPyodide({ indexURL: `${job.pyodide}/`, env: job.environment });
  await pyodide.loadPackage(job.packages, { messageCallback: () => {} });
  for (const [where, folder] of Object.entries(job.mounts)) pyodide.mountNodeFS(where, folder);
  pyodide.globals.set("arguments", pyodide.toPy(job.arguments));
  process.exitCode = pyodide.runPython(readFileSync(job.program, "utf-8")) ?? 0;
} catch (error) {
  // Node would show the line it came from: all of Pyodide, minified.
  console.error(error.message);
  process.exitCode = 1;
}
