// The reader's own copies on the home page: which there are, what to do when there is a newer original, starting afresh.
import { aside, renamed } from "./versions-names.js";
import { copies, keep, root, shippedVersions, stamped, standing, startAfresh } from "./versions-store.js";

const SENTENCES = {
  yours: _("changed by you"),
  own: _("made by you"),
  choose: _("changed by you, and there is a newer version"),
  afresh: _("Start afresh"),
  keep: _("Keep yours"),
  take: _("Take the new version"),
  both: _("Have both"),
  kept: (name) => _("{name} stays as you changed it.").replace("{name}", () => name),
  taken: (name, path) => _("{name} is the course's again. What you wrote is kept beside it, as {path}.")
    .replace("{name}", () => name).replace("{path}", () => path),
  beside: (name, path) => _("{name} stays as you changed it. The new version is beside it, as {path}.")
    .replace("{name}", () => name).replace("{path}", () => path),
  refused: _("Nothing was changed: this browser refuses to keep it, or has no room."),
};

const titled = (path) => path.replace(/\.ipynb$/, "");

// Each copy that holds something of the reader's: {path, model, stands, shipped}. An untouched old original is let go.
export async function changed() {
  const [all, versions] = await Promise.all([copies(), shippedVersions().catch(() => ({}))]);
  const found = [];
  for (const [path, model] of all) {
    if (!model || model.type === "directory") continue;
    const shipped = versions[path];
    const stands = model.content?.cells ? standing(model.content, shipped) : "own";
    if (stands === "stale") await keep([path, null]);
    else if (stands !== "same") found.push({ path, model, stands, shipped });
  }
  return found.sort((one, other) => one.path.localeCompare(other.path));
}

async function fresh(path) {
  const answer = await fetch(new URL(`files/${path.split("/").map(encodeURIComponent).join("/")}`, root), {
    cache: "no-cache",
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

const ACTS = {
  async keep({ path, model, shipped }) {
    await keep([path, stamped(model, shipped)]);
    return SENTENCES.kept(titled(path));
  },
  async take({ path, model }) {
    return SENTENCES.taken(titled(path), titled(await startAfresh(path, model)));
  },
  async both({ path, model, shipped }) {
    const other = aside(path, "fresh", await copies());
    const content = await fresh(path);
    await keep([other, renamed({ ...model, content }, other)], [path, stamped(model, shipped)]);
    return SENTENCES.beside(titled(path), titled(other));
  },
};
const OFFERED = { yours: { afresh: ACTS.take }, choose: { keep: ACTS.keep, take: ACTS.take, both: ACTS.both }, own: {} };

function line({ path, model, stands, shipped }, say) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = new URL(`notebooks/index.html?path=${encodeURIComponent(path)}`, root);
  link.textContent = titled(path);
  item.append(model.content?.cells ? link : path, ` (${SENTENCES[stands]}) `);
  for (const [name, act] of Object.entries(OFFERED[stands])) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: SENTENCES[name] });
    button.setAttribute("aria-label", `${SENTENCES[name]}: ${titled(path)}`);
    button.addEventListener("click", async () => {
      // As it is now: the notebook may be open in another tab.
      const now = (await copies()).get(path) ?? model;
      await say(await act({ path, model: now, shipped }).catch(() => SENTENCES.refused));
    });
    item.append(button);
  }
  return item;
}

export function list(found, say) {
  document.getElementById("notebooks").replaceChildren(...found.map((one) => line(one, say)));
}
