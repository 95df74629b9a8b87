// Python, in the worker that the notebook app has too: started once, asked one thing after another, ended for good.
const here = new URL(".", import.meta.url);
const site = new URL("..", here).href;
const WORKER = new URL("alive-worker.js", here).href;
const UNASKED = _("input() cannot ask you anything on this page: write the answer into the cell, or press “Run it” above.");
const ENDED = _("Python has stopped answering: this browser has ended it, as it may when there is little memory left. What it knew is gone, what you wrote is kept. Run starts it anew.");
// The kernel says this of itself when it will never answer again.
const DEAD = /^Pyodide has (?:exited|suffered)/;
const SET_UP = (files) => `
import os as _os, js as _js, pyodide_js as _pyodide_js
_os.makedirs("/course", exist_ok=True)
_os.chdir("/course")
_js.layOut(_pyodide_js.FS, ${JSON.stringify(`${site}files/`)}, ${JSON.stringify(JSON.stringify(files))})
def _input(prompt="", /):
    raise EOFError(${JSON.stringify(UNASKED)})
import builtins as _builtins
_builtins.input = _input
# The kernel would put its own there before each cell.
type(get_ipython()).input = property(fset=lambda self, given: None)
del _os, _js, _pyodide_js, _builtins, _input
`;

let known;
// What the build knows: where Python is, how large each of its files and the course's is.
export const manifest = () => (known ??= fetch(new URL("alive.json", here)).then((answer) => {
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
}).catch((error) => {
  known = undefined;
  throw error;
}));

export class Ended extends Error {}

export class Python {
  #worker;
  #ready;
  #asked = new Map();
  #heard = new Map();
  #came = new Map();
  #last = 0;
  isReady = false;

  /**
   * `comm(type, content)` hears of widgets, `loading(bytes, all)` how far the start is, `ended(why, said)` of a sudden
   * end: `said` is a sentence for the reader, `why` what the kernel said.
   */
  constructor({ comm, loading, ended }) {
    Object.assign(this, { comm, loading, ended });
    addEventListener("python-ended", ({ detail }) => detail === this.#worker && this.#end("", ENDED));
  }

  get isStarted() {
    return Boolean(this.#worker);
  }

  start() {
    if (this.#ready) return this.#ready;
    const ready = (this.#ready = this.#start());
    // Whoever waits for it is told; whoever asks later starts anew.
    ready.catch(() => this.#ready === ready && this.stop());
    return ready;
  }

  async #start() {
    const worker = (this.#worker = new Worker(WORKER, { type: "module" }));
    worker.addEventListener("message", ({ data }) => worker === this.#worker && this.#hear(data));
    worker.addEventListener("error", ({ message }) => worker === this.#worker && this.#end(message));
    const { python, packages, runtime, course } = await manifest();
    // A worker whose own script is lost says nothing at all.
    if (!(await fetch(WORKER)).ok) throw new Error("no worker");
    this.runtime = runtime;
    await this.#ask("initialize", {
      baseUrl: site,
      pyodideUrl: new URL(python, site).href,
      indexUrl: new URL(".", new URL(python, site)).href,
      pipliteWheelUrl: "",
      pipliteUrls: [],
      disablePyPIFallback: true,
      location: "",
      mountDrive: false,
      loadPyodideOptions: { packages },
    });
    await this.run(SET_UP(course), () => {});
    this.isReady = true;
  }

  /** Run `code`; `heard(type, bundle)` gets what it shows. Returns the kernel's reply, or throws Ended. */
  async run(code, heard) {
    const id = `cell-${++this.#last}`;
    this.#heard.set(id, heard);
    const header = { msg_id: id, msg_type: "execute_request", session: "", username: "", version: "5.3", date: "" };
    return this.#ask("execute", { code }, { header, parent_header: {}, metadata: {}, content: {} });
  }

  tell(comm, data) {
    return this.#ask("commMsg", { content: { comm_id: comm, data }, metadata: {}, buffers: [] }, { header: {} });
  }

  stop() {
    this.#worker?.terminate();
    for (const { reject } of this.#asked.values()) reject(new Ended());
    this.#worker = this.#ready = undefined;
    this.isReady = false;
    for (const kept of [this.#asked, this.#heard, this.#came]) kept.clear();
  }

  // What comlink would write: one request, one answer of the same name.
  #ask(method, ...given) {
    const id = `ask-${++this.#last}`;
    return new Promise((resolve, reject) => {
      if (!this.#worker) throw new Ended();
      this.#asked.set(id, { resolve, reject });
      const argumentList = given.map((value) => ({ type: "RAW", value }));
      this.#worker.postMessage({ id, type: "APPLY", path: [method], argumentList });
    });
  }

  #hear({ id, type, value, came, trouble, lost, _kernelMessage: said, _logMessage: logged }) {
    if (came) this.#count(came);
    else if (trouble ?? lost) this.#end("", trouble ?? lost);
    else if (logged) DEAD.test(logged.data) && this.#end(logged.data);
    else if (said?.type.startsWith("comm_")) this.comm(said.type, said.content);
    else if (said) this.#heard.get(said.parentHeader?.msg_id)?.(said.type, said.bundle);
    else if (this.#asked.has(id)) {
      const { resolve, reject } = this.#asked.get(id);
      this.#asked.delete(id);
      if (type === "RAW") resolve(value);
      else reject(new Error(value?.value?.message ?? String(value?.value)));
    }
  }

  #count(came) {
    for (const [name, size] of came) this.#came.set(name.replace(site, ""), size);
    const files = Object.entries(this.runtime ?? {});
    const sum = (counted) => counted.reduce((all, [name, size]) => all + (this.#came.get(name) ?? size), 0);
    this.loading(sum(files.filter(([name]) => this.#came.has(name))), sum(files));
  }

  #end(why, said) {
    this.stop();
    this.ended(why, said);
  }
}
