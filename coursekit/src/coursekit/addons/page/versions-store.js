// The learner's files, where JupyterLite keeps them, and how a copy stands to the original that the site ships now.
import { aside, renamed } from "./versions-names.js";

export const root = new URL("..", import.meta.url);
const NAME = `JupyterLite Storage - ${root.pathname}`;
const STORE = "files";
// What JupyterLite keeps beside it, each in a store that it adds when it needs it. Two that are added at the same moment
// are in each other's way: the app would not start.
const STORES = [STORE, "checkpoints", "settings", "statedb", "local-forage-detect-blob-support"];

export const asked = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

// Whoever comes first makes them all.
async function open(version) {
  const opening = indexedDB.open(NAME, version);
  const missing = () => STORES.filter((name) => !opening.result.objectStoreNames.contains(name));
  opening.onupgradeneeded = () => missing().forEach((name) => opening.result.createObjectStore(name));
  const database = await asked(opening);
  if (!missing().length) return database;
  database.close();
  return open(database.version + 1);
}

// One transaction: what `work` does to the store is done whole or not at all.
async function within(mode, work) {
  const database = await open();
  try {
    const transaction = database.transaction(STORE, mode);
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    const result = await work(transaction.objectStore(STORE));
    await done;
    return result;
  } finally {
    database.close();
  }
}

// Before the app looks for them. Where nothing can be kept, it is told so elsewhere.
export const prepare = () => open().then((database) => database.close(), () => {});

export const copyOf = (path) => within("readonly", (store) => asked(store.get(path)));

export async function copies() {
  return within("readonly", async (store) => {
    const [paths, models] = await Promise.all([asked(store.getAllKeys()), asked(store.getAll())]);
    return new Map(paths.map((path, index) => [path, models[index]]));
  });
}

// Pairs of path and model, kept all or none; a model of null is forgotten.
export async function keep(...pairs) {
  await within("readwrite", (store) =>
    Promise.all(pairs.map(([path, model]) => asked(model ? store.put(model, path) : store.delete(path)))),
  );
  told.postMessage(pairs.map(([path]) => path));
}

// The course's original again; returns the path under which the reader's copy is kept beside it.
export async function startAfresh(path, model) {
  const other = aside(path, "yours", await copies());
  await keep([other, renamed(model, other)], [path, null]);
  return other;
}

// The other tabs of this course hear which files were changed under them.
export const told = new BroadcastChannel(`files of ${root.pathname}`);

export async function shippedVersions() {
  const answer = await fetch(new URL("build/versions.json", root), { cache: "no-cache" });
  if (!answer.ok) throw new Error(`versions.json: ${answer.status}`);
  return answer.json();
}

const textOf = (source) => [].concat(source).join("");

// As coursekit/notebooks/version.py has it.
export function versionOf(content) {
  const text = JSON.stringify(content.cells.map((cell) => [cell.cell_type, textOf(cell.source)]));
  let value = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    value = BigInt.asUintN(64, (value ^ BigInt(byte)) * 0x100000001b3n);
  }
  return value.toString(16).padStart(16, "0");
}

export const madeFrom = (content) => content.metadata?.course?.version;

// "same": no edit. "yours": edited. "stale": an old original, not edited. "choose": edited, and there is a newer original.
export function standing(content, shipped) {
  if (!shipped) return "own";
  const now = versionOf(content);
  if (now === shipped) return "same";
  if (madeFrom(content) === shipped) return "yours";
  return now === madeFrom(content) ? "stale" : "choose";
}

export function stamped(model, version) {
  const { metadata } = model.content;
  return { ...model, content: { ...model.content, metadata: { ...metadata, course: { version } } } };
}

// Nothing of an old original is kept that nobody has touched; says how the copy stands then.
export async function settle(path, shipped) {
  const model = await copyOf(path);
  if (!model?.content?.cells) return "none";
  // Copied from an original that cannot be saved, it would be one itself.
  if (!model.writable) await keep([path, Object.assign(model, { writable: true })]);
  const stands = standing(model.content, shipped);
  if (stands === "stale") await keep([path, null]);
  if (stands === "same" && madeFrom(model.content) !== shipped) await keep([path, stamped(model, shipped)]);
  return stands;
}
