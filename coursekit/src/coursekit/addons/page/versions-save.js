// What is typed is saved within a second, also into a full disk's last corner, and never over what another tab wrote.
import { aside, renamed } from "./versions-names.js";
import { button, notice, take } from "./versions-notice.js";
import { copies, copyOf, keep, told, versionOf } from "./versions-store.js";
import { leave, saved } from "./versions-unsaved.js";

const SENTENCES = {
  twice: (name) => _("This notebook was changed in another tab, too. Both are kept: what stood there is now {name}.")
    .replace("{name}", () => name),
  full: _("This browser refuses to save, or has no room left: what you change now is in this tab only. Take it with you."),
  download: _("Download this notebook"),
};
const SOON = 1000; // milliseconds

function download(context) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(context.model.toJSON(), null, 1)]));
  link.download = context.localPath.split("/").pop();
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

const known = new WeakMap(); // the version that this tab last read or wrote, by context
const versionIn = (context) => versionOf(context.model.toJSON());

// The stored copy when another tab wrote into it what is neither here nor was here.
async function other(context) {
  const stored = await copyOf(context.localPath);
  if (!stored?.content?.cells || stored.last_modified === context.contentsModel?.last_modified) return null;
  return [known.get(context), versionIn(context)].includes(versionOf(stored.content)) ? null : stored;
}

async function setAside(context) {
  const stored = await other(context);
  if (!stored) return;
  const name = aside(context.localPath, "other", await copies());
  await keep([name, renamed(stored, name)]);
  notice("twice", SENTENCES.twice(name.replace(/\.ipynb$/, "")));
}

// JupyterLab's own way out of a conflict is a question that loses one of the two, whatever one answers.
function saveBeside(context) {
  const save = context.save.bind(context);
  context.lastModifiedCheckMargin = Infinity;
  const whole = async () => {
    try {
      await setAside(context);
      const written = versionIn(context);
      await save();
      known.set(context, written);
      if (versionIn(context) === written) saved(context.localPath);
      else context.model.dirty = true; // JupyterLab takes what was typed while it saved for saved, too.
      take("full");
      told.postMessage([context.localPath]);
    } catch (error) {
      if (error.name !== "Disposed") notice("full", SENTENCES.full, button(SENTENCES.download, () => download(context)));
      throw Object.assign(new Error(error.message), { name: "ModalCancelError" }); // said already
    }
  };
  const locks = navigator.locks; // not there without https
  context.save = () => (locks ? locks.request(`saving ${location.pathname} ${context.localPath}`, whole) : whole());
}

// A failed save is said once, at the foot of the page; JupyterLab would put a box before every key that is pressed.
function failQuietly(contents) {
  if (contents.failsQuietly) return;
  const save = contents.save.bind(contents);
  contents.failsQuietly = true;
  contents.save = (...given) =>
    save(...given).catch((error) => {
      throw Object.assign(new Error(error?.message ?? String(error)), { name: "ModalCancelError" });
    });
}

export function saveOften({ context }) {
  failQuietly(window.jupyterapp.serviceManager.contents);
  known.set(context, versionIn(context));
  saveBeside(context);
  // Says whether there is more to save; a refusal was said already, and waits for the next change.
  const save = async () => {
    if (context.isDisposed || !context.model.dirty || !context.canSave) return false;
    return context.save().then(() => context.model.dirty, () => false);
  };
  let waiting = null, rest = SOON;
  const soon = () => {
    waiting ??= setTimeout(async () => {
      const began = performance.now();
      const more = await save();
      rest = Math.max(SOON, 20 * (performance.now() - began));
      waiting = null;
      if (more) soon();
    }, rest);
  };
  context.model.contentChanged.connect(soon);
  const hurry = () => {
    if (context.isDisposed || !context.model.dirty || !context.canSave) return;
    if (versionIn(context) !== known.get(context)) leave(context.localPath, context.model.toJSON());
    save();
  };
  document.addEventListener("visibilitychange", () => document.hidden && hurry());
  addEventListener("pagehide", hurry);
}

// Another tab, or the home page, wrote this file: what was not changed here follows it.
export async function follow({ context }) {
  const look = async () => {
    const here = versionIn(context);
    if (context.isDisposed || context.model.dirty) return;
    if ((await copyOf(context.localPath)) && !(await other(context))) return;
    if (context.isDisposed || context.model.dirty || versionIn(context) !== here) return; // Edited in the meantime.
    await context.revert();
    known.set(context, versionIn(context));
  };
  told.addEventListener("message", ({ data }) => data.includes(context.localPath) && look());
  if (await other(context)) await look(); // what was written while this tab began
}
