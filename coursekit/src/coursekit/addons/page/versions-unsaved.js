// A page that is left has time for one thing only that is done at once: what was not saved yet waits in localStorage.
import { aside, renamed } from "./versions-names.js";
import { copies, keep, root, versionOf } from "./versions-store.js";

const PREFIX = `unsaved of ${root.pathname} `;

// Outputs may be large, and can be had again.
const bare = (cell) => (cell.cell_type === "code" ? { ...cell, outputs: [], execution_count: null } : cell);

export function leave(path, content) {
  const text = JSON.stringify({ when: new Date().toISOString(), content: { ...content, cells: content.cells.map(bare) } });
  try {
    localStorage.setItem(PREFIX + path, text);
  } catch {} // No room, or refused: then there is no place left to try.
}

export function saved(path) {
  try {
    localStorage.removeItem(PREFIX + path);
  } catch {}
}

function withOutputs(content, stored) {
  const before = new Map(stored?.content?.cells?.map((cell) => [cell.id, cell]));
  const cells = content.cells.map((cell) => {
    const { outputs, execution_count } = before.get(cell.id) ?? cell;
    return cell.cell_type === "code" ? { ...cell, outputs: outputs ?? [], execution_count: execution_count ?? null } : cell;
  });
  return { ...content, cells };
}

const made = (path) =>
  renamed({ type: "notebook", format: "json", mimetype: "application/json", size: 0, writable: true }, path);

// Into the file that it belongs to; beside it when somebody wrote there since.
async function recoverOne(path) {
  const { when, content } = JSON.parse(localStorage.getItem(PREFIX + path));
  const all = await copies();
  const stored = all.get(path);
  if (!stored?.content?.cells || versionOf(stored.content) !== versionOf(content)) {
    const name = stored?.last_modified > when ? aside(path, "yours", all) : path;
    const model = { created: when, ...made(path), ...stored, content: withOutputs(content, stored), last_modified: when };
    await keep([name, renamed(model, name)]);
  }
  saved(path);
}

export async function recover() {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  for (const key of keys) await recoverOne(key.slice(PREFIX.length)).catch(console.warn);
}
