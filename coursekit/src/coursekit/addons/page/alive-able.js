// What this browser can do for a page that is alive, and a sentence for each thing that it cannot.
const READ_ON = _("You can read every lesson and its outputs; to run the cells, use a current Firefox, Chrome, Edge or Safari.");
const TEXTS = {
  wasm: `${_("This browser cannot run Python: it has no WebAssembly, or it is switched off.")} ${READ_ON}`,
  workers: `${_("This browser is too old to run Python beside a page: it has no module workers.")} ${READ_ON}`,
  refused: _("There is not enough memory left for Python. You can go on reading; to run the cells, close other tabs or programs and reload this page."),
  little: _("This device has little memory: a cell may be slow, or stop with an error. Close other tabs before you run one; reading needs no more than you have."),
  storage: _("This browser keeps nothing for this page, as in a private window: you can edit and run every cell, but what you write is gone when you close the page. Copy what you want to keep."),
  offline: _("This browser keeps no copy of the course: all of this page works, but only while there is a network."),
};

/** The reason why no cell can be run here, or "". */
export function cannot() {
  if (typeof WebAssembly !== "object") return TEXTS.wasm;
  if (!hasModuleWorkers()) return TEXTS.workers;
  try {
    new WebAssembly.Memory({ initial: 320, maximum: 32768 });
  } catch {
    return TEXTS.refused;
  }
  return "";
}

/** What will not be as good as elsewhere: sentences. */
export function cautions() {
  return [
    navigator.deviceMemory < 2 && TEXTS.little,
    !keeps() && TEXTS.storage,
    !navigator.serviceWorker && TEXTS.offline,
  ].filter(Boolean);
}

/** Whether bytes cost this reader money, or patience. */
export function isMetered({ connection } = navigator) {
  return Boolean(connection?.saveData) || connection?.type === "cellular" || /2g|3g/.test(connection?.effectiveType);
}

// A browser that knows them looks at the type.
function hasModuleWorkers() {
  let asked = false;
  try {
    const options = { get type() { asked = true; return "module"; } };
    const url = URL.createObjectURL(new Blob([""], { type: "text/javascript" }));
    new Worker(url, options).terminate();
    URL.revokeObjectURL(url);
  } catch {}
  return asked;
}

function keeps() {
  try {
    localStorage.setItem("kept?", "yes");
    localStorage.removeItem("kept?");
    return true;
  } catch {
    return false;
  }
}
