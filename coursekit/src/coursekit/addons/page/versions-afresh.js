// In the File menu: the course's original of this notebook again, and what the reader wrote beside it.
import { link, notice } from "./versions-notice.js";
import { copyOf, root, shippedVersions, standing, startAfresh } from "./versions-store.js";

const SENTENCES = {
  afresh: _("Start Afresh"),
  taken: _("This notebook is the course's again. What you wrote is kept beside it:"),
  same: _("There is nothing to start afresh: this notebook is as the course has it."),
  own: _("There is nothing to start afresh from: the course has no notebook of this name."),
  refused: _("Nothing was changed: this browser refuses to keep it, or has no room."),
};
const COMMAND = "course:start-afresh";
const titled = (path) => path.replace(/\.ipynb$/, "");

async function start({ context }) {
  const path = context.localPath;
  if (context.model.dirty && context.canSave) await context.save();
  const [model, versions] = await Promise.all([copyOf(path), shippedVersions()]);
  if (!versions[path]) return notice("afresh", SENTENCES.own);
  if (!model || standing(model.content, versions[path]) === "same") return notice("afresh", SENTENCES.same);
  const other = await startAfresh(path, model);
  await context.revert();
  const address = new URL(`notebooks/index.html?path=${encodeURIComponent(other)}`, root);
  notice("afresh", SENTENCES.taken, link(titled(other), address));
}

export function offerFresh() {
  const { commands, shell } = window.jupyterapp;
  if (commands.hasCommand(COMMAND)) return;
  const execute = () => start(shell.currentWidget).catch(() => notice("afresh", SENTENCES.refused));
  commands.addCommand(COMMAND, { label: SENTENCES.afresh, isEnabled: () => Boolean(shell.currentWidget?.context), execute });
  const menu = [...shell.widgets("menu")].find(({ fileMenu }) => fileMenu);
  menu?.fileMenu.addItem({ command: COMMAND, rank: 4 });
}
