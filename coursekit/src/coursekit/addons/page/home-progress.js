// What the reader has done, out of the database that the kernel's worker writes: {"lesson/exercise": {right, tries, when}}.
import { asked, root } from "./versions-store.js";

const SENTENCES = {
  done: (right, all) => _n("{right} of {count} exercise done", "{right} of {count} exercises done", all)
    .replace("{right}", right).replace("{count}", all),
  total: (right, all) => _n("{right} of {count} exercise done in all.", "{right} of {count} exercises done in all.", all)
    .replace("{right}", right).replace("{count}", all),
};

function open() {
  const opening = indexedDB.open(`progress of ${root.pathname}`, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("exercises");
  return asked(opening);
}

export async function read() {
  const database = await open();
  try {
    const store = database.transaction("exercises").objectStore("exercises");
    const [keys, values] = await Promise.all([asked(store.getAllKeys()), asked(store.getAll())]);
    return new Map(keys.map((key, index) => [key, values[index]]));
  } finally {
    database.close(); // An open one would keep others from changing its form some day.
  }
}

export async function write(brought) {
  const before = await read();
  const database = await open();
  try {
    const store = database.transaction("exercises", "readwrite").objectStore("exercises");
    await Promise.all(brought.map(([key, one]) => asked(store.put(merged(before.get(key), one), key))));
  } finally {
    database.close();
  }
}

// What was once right stays right, whichever side it comes from.
function merged(one, other) {
  if (!one || one.right === other.right) return !one || one.tries < other.tries ? other : one;
  return one.right ? one : other;
}

// Returns what is to be said of all lessons together.
export function show(done) {
  let right = 0, all = 0;
  for (const lesson of document.querySelectorAll("[data-lesson]")) {
    const names = JSON.parse(lesson.dataset.exercises);
    if (!names.length) continue;
    const count = names.filter((name) => done.get(`${lesson.dataset.lesson}/${name}`)?.right).length;
    lesson.querySelector(".done").textContent = SENTENCES.done(count, names.length);
    lesson.classList.toggle("finished", count === names.length);
    const bar = lesson.querySelector("progress");
    Object.assign(bar, { max: names.length, value: count, hidden: false });
    right += count;
    all += names.length;
  }
  return SENTENCES.total(right, all);
}
