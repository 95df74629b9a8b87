// The kernel imports this in place of pyodide.mjs: what it is about to load has been under way since the page began.
import { loadPyodide as load } from "./pyodide.mjs";

const { imports, background, ...options } = $options;
const listener = { stdout: console.log, stderr: console.error };
const started = load({
  ...options,
  indexURL: new URL(".", import.meta.url).href,
  lockFileURL: new URL(options.lockFileURL, import.meta.url).href,
  stdout: (text) => listener.stdout(text),
  stderr: (text) => listener.stderr(text),
}).then(async (pyodide) => {
  if (imports.length) await pyodide.runPythonAsync(`import $${imports.join(", ")}`);
  // Not waited for: the first cell can do without it, and the first picture finds it there.
  pyodide.loadPackage(background, { messageCallback() {} });
  return pyodide;
});
started.catch(() => {}); // Told to the kernel when it asks, not to the console before.

export async function loadPyodide({ stdout, stderr }) {
  Object.assign(listener, { stdout, stderr });
  return started;
}
