// How a file is called that is set aside: "01-attention (yours, 22 November 14.05).ipynb".
const WORDS = { yours: _("yours"), fresh: _("new version"), brought: _("brought back"), other: _("other tab") };
const DATES = _("en-GB"); // how dates are written

export function aside(path, kind, taken, now = new Date()) {
  const [, stem, ending] = /^(.*?)(\.[^./]*)?$/.exec(path);
  const day = now.toLocaleDateString(DATES, { day: "numeric", month: "long" });
  const time = now.toLocaleTimeString(DATES, { hour: "2-digit", minute: "2-digit" }).replace(":", ".");
  for (let count = 1; ; count += 1) {
    const name = `${stem} (${WORDS[kind]}, ${day} ${time}${count > 1 ? `, ${count}` : ""})${ending ?? ""}`;
    if (!taken.has(name)) return name;
  }
}

// The model of a file under another path.
export const renamed = (model, path) => ({ ...model, path, name: path.split("/").pop() });
