// A way out of a cell that never ends: JupyterLab's Stop cannot interrupt this Python, so that it starts a new one.
import { button, notice, take } from "./versions-notice.js";

const SENTENCES = {
  stopped: _("Python was stopped: what it had computed is gone, your notebook is not. Run to here runs the cells above this one again; then change this one, so that it ends."),
  ended: _("Python has stopped answering: this browser has ended it, as it may when there is little memory left. What it had computed is gone, your notebook is not."),
  anew: _("Start Python anew"),
  begun: _("Python has begun anew, and knows nothing yet. Run to here runs the cells above this one again."),
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

async function stop(panel, sentence = SENTENCES.stopped) {
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
  notice("stopped", sentence, button(SENTENCES.here, runToHere));
}

// Workers that are no more; one that was stopped on purpose is no kernel's any longer.
const ended = new WeakSet();
addEventListener("python-ended", ({ detail }) => ended.add(detail));
const workerOf = (kernel) => app().serviceManager.kernels._kernelAPIClient?._kernels.get(kernel?.id)?._worker;

function watch(panel) {
  const { sessionContext } = panel;
  let timer = null;
  const look = () => {
    const kernel = sessionContext.session?.kernel;
    clearTimeout(timer);
    take("long");
    if (kernel?.status === "restarting") return take("ended");
    if (ended.has(workerOf(kernel))) {
      for (const kind of ["memory", "stopped"]) take(kind);
      return notice("ended", SENTENCES.ended, button(SENTENCES.anew, () => stop(panel, SENTENCES.begun)));
    }
    // Where a browser knows no locks, Python that it has ended looks just like this, too.
    if (kernel?.status !== "busy") return;
    timer = setTimeout(() => notice("long", SENTENCES.long, button(SENTENCES.stop, () => stop(panel))), LONG);
  };
  sessionContext.statusChanged.connect(look);
  addEventListener("python-ended", look);
  look();
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
