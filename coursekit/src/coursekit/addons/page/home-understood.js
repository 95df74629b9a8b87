// Of a stranger's file, take what has the right form, and of that what we know.
const CELLS = ["code", "markdown", "raw"];
const FORMATS = { text: "string", base64: "string", json: "object" };

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const isText = (value) => typeof value === "string" || (Array.isArray(value) && value.every((one) => typeof one === "string"));
const isPath = (path) =>
  path.length < 250 && !/[\\:\x00-\x1f]/.test(path) && path.split("/").every((part) => part && !/^\.+$/.test(part));

const isCell = (cell) => isObject(cell) && CELLS.includes(cell.cell_type) && isText(cell.source);

// A file from elsewhere may not say of itself that its outputs are to be trusted.
function untrusted(cell) {
  const { trusted, ...metadata } = isObject(cell.metadata) ? cell.metadata : {};
  return { ...cell, metadata };
}

function model(one) {
  if (!isObject(one)) return null;
  const dates = { created: new Date().toISOString(), last_modified: new Date().toISOString() };
  const common = { ...dates, mimetype: String(one.mimetype ?? ""), size: 0, writable: true };
  const { content } = one;
  if (one.type === "notebook") {
    if (!isObject(content) || !Array.isArray(content.cells) || !content.cells.every(isCell)) return null;
    const metadata = isObject(content.metadata) ? content.metadata : {};
    const whole = { nbformat: 4, nbformat_minor: 5, metadata, cells: content.cells.map(untrusted) };
    return { ...common, type: "notebook", format: "json", mimetype: "application/json", content: whole };
  }
  if (one.type !== "file" || typeof content !== FORMATS[one.format]) return null;
  return { ...common, type: "file", format: one.format, content };
}

const entries = (value) => (isObject(value) ? Object.entries(value) : []);

// An older file of this course has exercises alone.
export function understood(text) {
  const { exercises, files, edits } = JSON.parse(text);
  if (!isObject(exercises) && !isObject(files)) throw new TypeError("neither exercises nor files");
  return {
    exercises: entries(exercises)
      .filter(([key, one]) => /^[^/]+\/\w+$/.test(key) && typeof one?.right === "boolean" && one.tries >= 0)
      .map(([key, { right, tries, when }]) => [key, { right, tries: Number(tries), when: String(when) }]),
    files: entries(files)
      .map(([path, one]) => [path, isPath(path) && model(one)])
      .filter(([, one]) => one),
    edits: entries(edits).filter(([key, one]) => key.length < 250 && typeof one === "string"),
  };
}
