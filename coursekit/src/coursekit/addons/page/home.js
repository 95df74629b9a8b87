// What the reader has done, out of the database that the kernel's worker writes: {"lesson/exercise": {right, tries, when}}.
const folder = new URL(".", location.href).pathname;
const find = (id) => document.getElementById(id);
const asked = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

function open() {
  const opening = indexedDB.open(`progress of ${folder}`, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("exercises");
  return asked(opening);
}

async function read() {
  const database = await open();
  try {
    const store = database.transaction("exercises").objectStore("exercises");
    const [keys, values] = await Promise.all([asked(store.getAllKeys()), asked(store.getAll())]);
    return new Map(keys.map((key, index) => [key, values[index]]));
  } finally {
    database.close(); // An open one would keep others from changing its form some day.
  }
}

async function write(brought) {
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

function show(done) {
  let right = 0, all = 0;
  for (const lesson of document.querySelectorAll("[data-lesson]")) {
    const names = JSON.parse(lesson.dataset.exercises);
    if (!names.length) continue;
    const count = names.filter((name) => done.get(`${lesson.dataset.lesson}/${name}`)?.right).length;
    lesson.querySelector(".done").textContent = said(count, names.length);
    lesson.classList.toggle("finished", count === names.length);
    const bar = lesson.querySelector("progress");
    Object.assign(bar, { max: names.length, value: count, hidden: false });
    right += count;
    all += names.length;
  }
  find("total").textContent = `${said(right, all)} in all.`;
}

const said = (right, all) => `${right} of ${all} exercise${all === 1 ? "" : "s"} done`;

async function refresh() {
  try {
    show(await read());
  } catch {
    find("total").textContent = "This browser refuses to keep anything for this page.";
    find("kept").textContent =
      "You can do every lesson, and each check answers, but which exercises are done will be forgotten. " +
      "A private window does that, and so does a setting that blocks the data of sites.";
    find("carry").hidden = true;
  }
  find("progress").hidden = false;
}

async function download() {
  const exercises = Object.fromEntries(await read());
  const text = JSON.stringify({ course: document.title, exercises }, null, 1);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = "progress.json";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// Of a stranger's file, take what has the right form, and of that what we know.
function understood(text) {
  const { exercises } = JSON.parse(text);
  return Object.entries(exercises)
    .filter(([key, one]) => /^[^/]+\/\w+$/.test(key) && typeof one?.right === "boolean" && one.tries >= 0)
    .map(([key, { right, tries, when }]) => [key, { right, tries: Number(tries), when: String(when) }]);
}

async function bring() {
  const [file] = find("file").files;
  if (!file) return;
  find("file").value = "";
  let brought;
  try {
    brought = understood(await file.text());
  } catch {
    find("said").textContent = `${file.name} is no file of progress: nothing was changed.`;
    return;
  }
  try {
    await write(brought);
    find("said").textContent = `${brought.filter(([, one]) => one.right).length} done exercises were brought back.`;
  } catch {
    find("said").textContent = "This browser refuses to keep it.";
  }
  await refresh();
}

if (find("progress")) {
  find("download").addEventListener("click", download);
  find("bring").addEventListener("click", () => find("file").click());
  find("file").addEventListener("change", bring);
  addEventListener("pageshow", refresh);
  document.addEventListener("visibilitychange", () => document.hidden || refresh());
}
