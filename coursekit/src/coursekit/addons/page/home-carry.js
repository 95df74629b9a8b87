// All of the reader's work as one file, and back again: nothing that is there is ever overwritten.
import { changed } from "./home-notebooks.js";
import { read, write } from "./home-progress.js";
import { understood } from "./home-understood.js";
import { aside, renamed } from "./versions-names.js";
import { copies, keep, root, shippedVersions, versionOf } from "./versions-store.js";

const MOST = 64e6;
const EDITS = `edits of ${root.pathname} `; // what was written into the cells of a reading page

const SENTENCES = {
  large: (name) => _("{name} is larger than 64 MB, which no work of this course is: nothing was changed.").replace("{name}", () => name),
  other: (name) => _("{name} is no file of your work: nothing was changed.").replace("{name}", () => name),
  refused: _("Nothing was changed: this browser refuses to keep it, or has no room."),
  back: (files, done) => _("Brought back: {files}, {exercises}.")
    .replace("{files}", _n("{count} file", "{count} files", files).replace("{count}", files))
    .replace("{exercises}", _n("{count} done exercise", "{count} done exercises", done).replace("{count}", done)),
  beside: (count) => _n(
    "{count} of them differs from what is here: both are kept.",
    "{count} of them differ from what is here: both are kept.",
    count,
  ).replace("{count}", count),
  cells: _("cells brought back"),
  work: (date) => _("my work, {date}").replace("{date}", date),
};

function edits() {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(EDITS));
  return Object.fromEntries(keys.map((key) => [key.slice(EDITS.length), localStorage.getItem(key)]));
}

export async function download() {
  const files = Object.fromEntries((await changed()).map(({ path, model }) => [path, model]));
  const exercises = Object.fromEntries(await read());
  const text = JSON.stringify({ course: document.title, files, exercises, edits: edits() }, null, 1);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = `${SENTENCES.work(new Date().toISOString().slice(0, 10))}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

const text = ({ content }) => (content?.cells ? versionOf(content) : JSON.stringify(content));

async function placed(files) {
  const [all, shipped] = await Promise.all([copies(), shippedVersions()]);
  const pairs = [];
  let differing = 0;
  for (const [path, model] of files) {
    const there = all.get(path);
    if (there && text(there) === text(model)) continue;
    // Nor is a data file of the course's own hidden by one that was brought.
    const beside = Boolean(there) || (path in shipped && model.type !== "notebook");
    differing += beside;
    const name = beside ? aside(path, "brought", all) : path;
    all.set(name, model);
    pairs.push([name, renamed(model, name)]);
  }
  return { pairs, differing };
}

// A cell has room for one edit only; where this browser has another, what was brought becomes a file.
function placedEdits(brought) {
  const now = edits();
  const differing = brought.filter(([key, one]) => key in now && now[key] !== one);
  const fine = brought.filter(([key]) => !(key in now));
  const content = differing.map(([key, one]) => `# ${key}\n${one}\n`).join("\n");
  const name = `${SENTENCES.cells}.txt`;
  return { fine, file: content && [name, { type: "file", format: "text", mimetype: "text/plain", content, writable: true }] };
}

async function bring({ files, exercises, edits: brought }) {
  const { fine, file } = placedEdits(brought);
  const { pairs, differing } = await placed(file ? [...files, file] : files);
  await keep(...pairs);
  await write(exercises);
  for (const [key, one] of fine) localStorage.setItem(EDITS + key, one);
  const back = SENTENCES.back(pairs.length + fine.length, exercises.filter(([, one]) => one.right).length);
  return differing ? `${back} ${SENTENCES.beside(differing)}` : back;
}

export async function restore(file) {
  if (file.size > MOST) return SENTENCES.large(file.name);
  let work;
  try {
    work = understood(await file.text());
  } catch {
    return SENTENCES.other(file.name);
  }
  return bring(work).catch(() => SENTENCES.refused);
}
