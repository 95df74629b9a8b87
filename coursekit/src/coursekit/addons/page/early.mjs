// The kernel imports this in place of pyodide.mjs: what it is about to load has been under way since the page began.
const { packages, later, modules, files, sizes, lockFileURL } = $options;
const here = new URL(".", import.meta.url).href;

// WebKit tells of what nobody holds any longer even while a synchronous request waits, in the midst of a step of Python's.
// Pyodide could not let go of it then, and would not try again: it is told when nothing runs.
globalThis.FinalizationRegistry = class extends FinalizationRegistry {
  constructor(letGo) {
    super((held) => setTimeout(letGo, 0, held));
  }
};

// Held for life, under a name that is nobody else's: the page learns from it when that ends. A browser that keeps nothing
// may refuse this, too.
navigator.locks?.request(location.href, () => {
  postMessage({ holds: location.href });
  return new Promise(() => {});
}).catch(() => {});

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
  // The standard library comes otherwise; Pyodide asks for it all the same.
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

const webAssembly = ahead.get("pyodide.asm.wasm").then((answer) => answer.clone().arrayBuffer());
webAssembly.catch(() => {});

// Modules cannot be checked where they are imported from; what was fetched and checked can be imported.
async function checked(name) {
  const code = await (await fetch(here + name)).blob();
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  return import(url).finally(() => URL.revokeObjectURL(url));
}

async function fetchPack(name) {
  const come = await coming.get(name);
  coming.delete(name);
  return inflated(come ? come.stream() : (await fetch(here + name)).body);
}

// Python's memory, as it was when all that it starts with had been imported once: in Pyodide's own form, and by itself.
async function remembered() {
  const [snapshot, wasm] = await Promise.all([inflated((await fetch(here + "start.snapshot")).body), webAssembly]);
  const [, begins] = new Uint32Array(snapshot.buffer, 0, 2);
  const memory = snapshot.subarray(begins);
  exchange(memory, new Uint8Array(wasm));
  return { snapshot, memory };
}

// How Python calls its functions depends on what the browser's WebAssembly can do; that is found out at each start.
function keepCalls(module, memory) {
  const at = module.__PyRuntime + module.HEAP32[module.__PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET / 4];
  memory.set(module.HEAPU8.subarray(at, at + 4), at);
}

// As it does when it starts otherwise.
function setTimeZone(module) {
  const names = new Uint32Array(module.HEAPU8.buffer, module.___tzname, 2);
  module.__tzset_js(module.___timezone, module.___daylight, ...names);
}

const inflated = async (stream) =>
  new Uint8Array(await new Response(stream.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());

async function start() {
  const memory = remembered();
  memory.catch(() => {}); // `refused` knows it already.
  const [{ loadPyodide }, { default: createPyodideModule }] = await Promise.all(
    ["pyodide.mjs", "pyodide.asm.mjs"].map(checked),
  );
  const owners = {};
  const pyodide = await loadPyodide({
    createPyodideModule: async (settings) => {
      owners.api = settings.API;
      const module = await createPyodideModule(settings);
      keepCalls(module, (await memory).memory);
      return module;
    },
    indexURL: here,
    lockFileURL: new URL(lockFileURL, here).href,
    stdout: (text) => listener.stdout(text),
    stderr: (text) => listener.stderr(text),
    _loadSnapshot: memory.then(({ snapshot }) => snapshot),
    // A function of Pyodide's is looked up when it is called: this script has its own of some.
    _snapshotDeserializer: ([owner, name]) => {
      owners.pyodide = owners.api.public_api;
      return name ? (...given) => owners[owner][name](...given) : owners[owner];
    },
  });
  delete owners.api.config._loadSnapshot;
  setTimeZone(pyodide._module);
  const early = pyodide.pyimport("coursekit_early");
  early.wake(JSON.stringify(modules), here, JSON.stringify(files));
  own(pyodide, packages);
  const arrivals = arriving(pyodide, early);
  const load = pyodide.loadPackagesFromImports;
  pyodide.loadPackagesFromImports = async (code, options) => {
    const last = arrivals.findLastIndex(({ words }) => words.test(code));
    await arrivals[last]?.arrived; // They come one after the other.
    return load(code, options);
  };
  return pyodide;
}

// The first cell can do without them, and the first picture finds there what it needs: while the page still starts, Python
// has nothing else to do. What a cell imports sooner, and in a way that does not show, Python fetches itself; but it can do
// nothing else meanwhile.
function arriving(pyodide, early) {
  let [before, imported] = [Promise.resolve(), Promise.resolve()];
  const arrivals = later.map(({ pack, packages, imports, words }) => {
    const arrived = (before = before.then(() => bring(pyodide, early, pack, packages)));
    const come = () => {
      arrivals.shift();
      imported = imported.then(() => bringIn(early, imports));
    };
    arrived.then(come, () => {}); // What failed is told to the cell that waits for it.
    return { arrived, words: new RegExp(`\\b($${words.join("|") || "(?!)"})\\b`) };
  });
  return arrivals;
}

// One module after the other, and none while the page asks Python for something.
const CALM = 1000; // milliseconds
let asked = 0;
addEventListener("message", () => (asked = performance.now()));
async function bringIn(early, names) {
  for (const name of names) {
    do await new Promise((resolve) => setTimeout(resolve, asked && CALM / 10));
    while (performance.now() - asked < CALM);
    early.bring_in(name);
  }
}

// Pyodide would fetch their wheels.
function own(pyodide, packages) {
  for (const name of packages) pyodide.loadedPackages[name] = "default channel";
}

async function bring(pyodide, early, pack, packages) {
  const files = await fetchPack(pack);
  if (early.take(pack)) unpack(pyodide.FS, files);
  early.invalidate_caches();
  own(pyodide, packages);
}

const listener = { stdout: console.log, stderr: console.error };
// Pyodide itself would wait for ever for a file that was refused.
const started = Promise.race([start(), refused.promise]);
started.then(() => postMessage({ started: true }), () => {}); // Told to the kernel when it asks, not to the console before.

export async function loadPyodide({ stdout, stderr }) {
  Object.assign(listener, { stdout, stderr });
  return started;
}

$laid_out