// The kernel imports this in place of pyodide.mjs: what it is about to load has been under way since the page began.
const { imports, background, files, ...options } = $options;
const here = new URL(".", import.meta.url).href;

// Every file of the runtime is taken only if it is, byte for byte, the one that was built.
const real = globalThis.fetch;
const refused = Promise.withResolvers();
globalThis.fetch = async (asked, init) => {
  const [address, name] = /^([^?]*[/]([^/?]+))/.exec(asked?.url ?? String(asked))?.slice(1) ?? [];
  if (address !== here + name || !files[name]) return real(asked, init);
  try {
    return await real(asked, { ...init, integrity: files[name] });
  } catch {
    const there = await real(asked, { method: "HEAD" }).then(({ ok }) => ok, () => false);
    const trouble = there
      ? `Python was not started, because $${name} is not the file that this site was built with: reload the page, ` +
        "and if that does not help, tell whoever keeps this site."
      : `Python was not started, because $${name} could not be loaded: look whether you are online, then reload the page.`;
    postMessage({ trouble });
    refused.reject(new Error(trouble));
    throw new Error(trouble);
  }
};

// Modules cannot be checked where they are imported from; what was fetched and checked can be imported.
async function checked(name) {
  const code = await (await fetch(here + name)).blob();
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  return import(url).finally(() => URL.revokeObjectURL(url));
}

async function start() {
  const [{ loadPyodide }, { default: createPyodideModule }] = await Promise.all(
    ["pyodide.mjs", "pyodide.asm.mjs"].map(checked),
  );
  const pyodide = await loadPyodide({
    ...options,
    createPyodideModule,
    indexURL: here,
    lockFileURL: new URL(options.lockFileURL, here).href,
    stdout: (text) => listener.stdout(text),
    stderr: (text) => listener.stderr(text),
  });
  if (imports.length) await pyodide.runPythonAsync(`import $${imports.join(", ")}`);
  // Not waited for: the first cell can do without it, and the first picture finds it there.
  pyodide.loadPackage(background, { messageCallback() {} });
  return pyodide;
}

const listener = { stdout: console.log, stderr: console.error };
// Pyodide itself would wait for ever for a file that was refused.
const started = Promise.race([start(), refused.promise]);
started.catch(() => {}); // Told to the kernel when it asks, not to the console before.

export async function loadPyodide({ stdout, stderr }) {
  Object.assign(listener, { stdout, stderr });
  return started;
}
