// The kernel imports this in place of pyodide.mjs: what it is about to load has been under way since the page began.
const { imports, later, env, setup, files, sizes, lockFileURL } = $options;
const here = new URL(".", import.meta.url).href;

// WebKit tells of what nobody holds any longer even while a synchronous request waits, in the midst of a step of Python's.
// Pyodide could not let go of it then, and would not try again: it is told when nothing runs.
globalThis.FinalizationRegistry = class extends FinalizationRegistry {
  constructor(letGo) {
    super((held) => setTimeout(letGo, 0, held));
  }
};

const SENTENCES = {
  other: _("Python was not started, because {name} is not the file that this site was built with: reload the page, and if that does not help, tell whoever keeps this site."),
  lost: _("Python was not started, because {name} could not be loaded: look whether you are online, then reload the page."),
};
// Every file of the runtime is taken only if it is, byte for byte, the one that was built.
const real = globalThis.fetch;
const refused = Promise.withResolvers();
globalThis.fetch = async (asked, init) => {
  const [address, name] = /^([^?]*[/]([^/?]+))/.exec(asked?.url ?? String(asked))?.slice(1) ?? [];
  if (address !== here + name || !files[name]) return real(asked, init);
  // The standard library came in the first pack; Pyodide asks for it all the same.
  if (name === "python_stdlib.zip") return new Response("");
  const answer = ahead.get(name) ?? verified(name, asked, init);
  ahead.delete(name);
  return answer;
};

async function verified(name, asked, init) {
  try {
    return counted(name, await twice(asked, { ...init, integrity: files[name] }));
  } catch {
    const trouble = ((await comes(asked)) ? SENTENCES.other : SENTENCES.lost).replace("{name}", () => name);
    postMessage({ trouble });
    refused.reject(new Error(trouble));
    throw new Error(trouble);
  }
}

// A connection that broke off may hold the next time, and what the browser kept may be wrong where the server is right.
const twice = (asked, init) => real(asked, init).catch(() => real(asked, { ...init, cache: "reload" }));

// Whether there is a file of this name, whatever is in it, and it comes to its end.
async function comes(asked) {
  try {
    const answer = await real(asked, { cache: "reload" });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

// The page says how far it is to whoever waits long. While Python starts, the line is free for what comes next.
const all = Object.values(sizes).reduce((sum, size) => sum + size, 0);
let came = 0;
function counted(name, answer) {
  came += sizes[name] ?? 0;
  postMessage({ fetching: { came, all } });
  if (came === all && !coming.size) follow();
  return answer;
}

// What comes later, one after the other. What fails is asked for again in its turn.
const coming = new Map();
function follow() {
  let before = Promise.resolve();
  for (const { pack } of later) {
    const ask = () => real(here + pack, { integrity: files[pack] }).then((answer) => answer.blob()).catch(() => {});
    coming.set(pack, (before = before.then(ask)));
  }
}

// What Pyodide asks for only once its own code is there.
const ahead = new Map();
for (const name of ["pyodide.asm.wasm", lockFileURL]) {
  const answer = fetch(here + name);
  answer.catch(() => {}); // `refused` knows it already.
  ahead.set(name.replace(/[?].*/, ""), answer);
}

// Pyodide reads texts that lie above 2 GiB from somewhere else: what it says of a full memory would be gibberish. Where
// no more is to be had, Python raises MemoryError.
const MOST = 2 ** 31;
const { grow } = WebAssembly.Memory.prototype;
WebAssembly.Memory.prototype.grow = function (pages) {
  if (this.buffer.byteLength + 65536 * pages > MOST) throw new RangeError("no more than 2 GiB");
  return grow.call(this, pages);
};

// Modules cannot be checked where they are imported from; what was fetched and checked can be imported.
async function checked(name) {
  const code = await (await fetch(here + name)).blob();
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  return import(url).finally(() => URL.revokeObjectURL(url));
}

async function fetchPack(name) {
  const come = await coming.get(name);
  coming.delete(name);
  const body = come ? come.stream() : (await fetch(here + name)).body;
  return new Uint8Array(await new Response(body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
}

// The files are parts of the pack itself: none is copied.
function unpack(FS, pack) {
  let end = 4 + new DataView(pack.buffer).getUint32(0, true);
  const index = JSON.parse(new TextDecoder().decode(pack.subarray(4, end)));
  for (const [folder, names] of Object.entries(index)) {
    FS.mkdirTree(folder);
    for (const [name, size] of names) {
      FS.writeFile(`$${folder}/$${name}`, pack.subarray(end, end + size), { canOwn: true });
      end += size;
    }
  }
}

async function start() {
  const pack = fetchPack("start.pack");
  pack.catch(() => {}); // `refused` knows it already.
  const [{ loadPyodide }, { default: createPyodideModule }] = await Promise.all(
    ["pyodide.mjs", "pyodide.asm.mjs"].map(checked),
  );
  const pyodide = await loadPyodide({
    createPyodideModule,
    indexURL: here,
    lockFileURL: new URL(lockFileURL, here).href,
    fsInit: async (FS) => unpack(FS, await pack),
    env,
    stdout: (text) => listener.stdout(text),
    stderr: (text) => listener.stderr(text),
  });
  const [beside, bringIn] = pyodide.runPython(setup, { globals: pyodide.toPy({}) });
  const arrivals = arriving(pyodide, bringIn);
  const load = pyodide.loadPackagesFromImports;
  pyodide.loadPackagesFromImports = async (code, options) => {
    const all = arrivals.length && (ANYTHING.test(code) || beside(code));
    const last = arrivals.findLastIndex(({ words }) => all || words.test(code));
    const needed = arrivals.slice(0, last + 1); // They come one after the other.
    for (const { hurry } of needed) hurry();
    await needed.at(-1)?.arrived;
    return load(code, options);
  };
  bringIn(...imports);
  return pyodide;
}

// What imports by other means than a line that says so.
const ANYTHING = /\b(import_module|__import__|exec)\b|%run\b/;

const CALM = 1500; // milliseconds

// The first cell can do without them, and the first picture finds there what it needs.
function arriving(pyodide, bringIn) {
  let before = Promise.resolve();
  const arrivals = later.map(({ pack, packages, imports, words }) => {
    // To unpack and to import is work, and would be in the way of what the page asks of Python first.
    const { promise: wanted, resolve: hurry } = Promise.withResolvers();
    setTimeout(hurry, CALM);
    const arrived = (before = before.then(() => wanted).then(() => bring(pyodide, pack, packages)));
    const come = () => {
      arrivals.shift();
      // Whatever the page asks for meanwhile goes first.
      setTimeout(bringIn, 0, ...imports);
    };
    arrived.then(come, () => {}); // What failed is told to the cell that waits for it.
    return { arrived, hurry, words: new RegExp(`\\b($${words.join("|")})\\b`) };
  });
  return arrivals;
}

async function bring(pyodide, pack, packages) {
  unpack(pyodide.FS, await fetchPack(pack));
  pyodide.runPython("import importlib; importlib.invalidate_caches()", { globals: pyodide.toPy({}) });
  for (const name of packages) pyodide.loadedPackages[name] = "default channel";
}

const listener = { stdout: console.log, stderr: console.error };
// Pyodide itself would wait for ever for a file that was refused.
const started = Promise.race([start(), refused.promise]);
started.then(() => postMessage({ started: true }), () => {}); // Told to the kernel when it asks, not to the console before.

export async function loadPyodide({ stdout, stderr }) {
  Object.assign(listener, { stdout, stderr });
  return started;
}
