// A way out of a cell that never ends: JupyterLab's Stop cannot interrupt this Python, so that it starts a new one.
import { button, notice, take } from "./versions-notice.js";

const SENTENCES = {
  stopped: _("Python was stopped: what it had computed is gone, your notebook is not. Run to here runs the cells above this one again; then change this one, so that it ends."),
  here: _("Run to here"),
  long: _("Python has been busy for a minute. If you did not expect that, stop it: your notebook stays as it is."),
  full: _("Python's memory is full. Stop it, run the cells again and keep less: your notebook stays as it is."),
  stop: _("Stop Python"),
  does: _("Stop Python: what it has computed is lost, your notebook is not"),
};
const LONG = 60_000; // milliseconds
const INTERRUPTS = ["notebook:interrupt-kernel", "kernelmenu:interrupt"];
const app = () => window.jupyterapp;

// The cell that did not end; without one, that which is selected.
function unfinished({ content }) {
  const index = content.widgets.findIndex(({ node }) => node.querySelector(".jp-InputPrompt")?.textContent.includes("*"));
  return index < 0 ? content.activeCellIndex : index;
}

async function stop(panel) {
  const index = unfinished(panel);
  take("long");
  take("memory");
  await panel.sessionContext.restartKernel();
  panel.content.activeCellIndex = index;
  panel.content.deselectAll();
  const runToHere = () => {
    take("stopped");
    panel.content.activeCellIndex = index;
    app().commands.execute("notebook:run-all-above");
  };
  notice("stopped", SENTENCES.stopped, button(SENTENCES.here, runToHere));
}

// Python that died without a word looks just like this, too.
function watch(panel) {
  let timer = null;
  panel.sessionContext.statusChanged.connect((_, status) => {
    clearTimeout(timer);
    take("long");
    if (status !== "busy") return;
    timer = setTimeout(() => notice("long", SENTENCES.long, button(SENTENCES.stop, () => stop(panel))), LONG);
  });
}

// With no memory at all Python cannot even say so in whole sentences, and may not answer again: often IPython's word that
// it could not put the error into words is the last one.
const NO_MEMORY = /MemoryError|^Unexpected exception formatting exception/;
function watchMemory(panel) {
  panel.sessionContext.iopubMessage.connect((_, { content }) => {
    if (!NO_MEMORY.test(content.ename ?? content.text)) return;
    notice("memory", SENTENCES.full, button(SENTENCES.stop, () => stop(panel)));
  });
}

// The command behind the toolbar's button, the menu and the keys I I.
function replaceInterrupt() {
  const { commands } = app();
  if (commands.restartsInstead) return;
  commands.restartsInstead = true;
  const execute = commands.execute.bind(commands);
  commands.execute = (id, ...given) => {
    const panel = app().shell.currentWidget;
    return INTERRUPTS.includes(id) && panel?.sessionContext ? stop(panel) : execute(id, ...given);
  };
  for (const [part, text] of [["label", SENTENCES.stop], ["caption", SENTENCES.does]]) {
    const said = commands[part].bind(commands);
    commands[part] = (id, ...given) => (INTERRUPTS.includes(id) ? text : said(id, ...given));
  }
  for (const id of INTERRUPTS) if (commands.hasCommand(id)) commands.notifyCommandChanged(id);
}

export function offerStop(panel) {
  replaceInterrupt();
  watch(panel);
  watchMemory(panel);
}
