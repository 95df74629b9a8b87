// The kernel's worker for a page to read: it says how much of Python has come, and lays out the course's files.
new PerformanceObserver((list) => {
  const came = list.getEntries().map(({ name, decodedBodySize }) => [name, decodedBodySize]);
  postMessage({ came });
}).observe({ type: "resource", buffered: true });

// A file is there at once, with its size; its bytes are asked for when somebody reads the first of them.
globalThis.layOut = (FS, folder, files) => {
  for (const [name, size] of Object.entries(JSON.parse(files))) {
    const path = `/course/${name}`;
    FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
    FS.writeFile(path, "");
    const { node } = FS.lookupPath(path);
    node.usedBytes = size;
    const settle = (value) => Object.defineProperty(node, "contents", { value, writable: true, configurable: true });
    Object.defineProperty(node, "contents", {
      configurable: true,
      get: () => settle(fetched(FS, folder + name, size)).contents,
      set: settle,
    });
  }
};

function fetched(FS, address, size) {
  const asking = new XMLHttpRequest();
  asking.open("GET", address, false);
  asking.responseType = "arraybuffer";
  try {
    asking.send();
  } catch {}
  const bytes = new Uint8Array(asking.response ?? 0);
  // Python says "I/O error" and the file's name; it may be asked for again.
  if (asking.status !== 200 || bytes.length !== size) throw new FS.ErrnoError(29);
  return bytes;
}

const LOST = _("Python was not started, because a part of it could not be loaded: look whether you are online, then press Run.");
await import("../static/pyodide/early-worker.js").catch(() => postMessage({ lost: LOST }));
