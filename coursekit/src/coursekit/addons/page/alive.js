// The lesson's cells come alive where they stand: edited, run, checked. Without this script the page stays what it is.
import { cannot, cautions, isMetered } from "./alive-able.js";
import { Cell } from "./alive-cell.js";
import { made } from "./alive-outputs.js";
import { Ended, manifest, Python } from "./alive-python.js";

const TEXTS = {
  starting: (bytes, all) =>
    _("Python is starting ({come} of {all} MB)…").replace("{come}", mega(bytes)).replace("{all}", mega(all)),
  begun: _("Python is starting…"),
  running: (count) => _n("Running…", "Running the {count} cells up to here that have not run…", count)
    .replace("{count}", count),
  done: (count) => _n("Done: the cell has run.", "Done: {count} cells have run.", count).replace("{count}", count),
  wrong: _("This cell ended with an error, which stands below its code."),
  above: _("A cell above ended with an error, so the cells after it were not run."),
  see: _("Go to that cell"),
  stopped: _("Python was stopped, and what it knew is gone. What you wrote is kept. Run brings the rest back."),
  ended: (why) => _("Python broke down ({why}), and what it knew is gone. What you wrote is kept. Run starts it anew.")
    .replace("{why}", () => why),
  failed: _("Python could not be started: look whether you are online, then press Run again."),
  stop: _("Stop"),
  restart: _("Restart"),
  fresh: _("Python starts anew: nothing has run yet."),
  unkept: _("This browser refuses to keep what you write here. Copy it before you close the page."),
};
const mega = (bytes) => Math.round(bytes / 1e6);
/** milliseconds that a page is left alone before anything is fetched for it */
const CALM = 3000;
/** one screen before the first cell */
const NEAR = { rootMargin: "100% 0px" };

const status = made("p", { className: "status" });
status.setAttribute("role", "status");
const stop = made("button", { type: "button", onclick: () => asked && end(TEXTS.stopped) }, TEXTS.stop);
const restart = made("button", { type: "button", onclick: again }, TEXTS.restart);
const bar = made("div", { className: "python", hidden: true }, status, stop, restart);
const cells = [];
let widgets, queue = Promise.resolve(), asked = 0, era = 0;

const python = new Python({
  comm: (type, content) => widgets?.hear(type, content),
  loading: (bytes, all) => asked && !python.isReady && all && say(TEXTS.starting(Math.min(bytes, all), all)),
  ended: (why, said) => end(said ?? TEXTS.ended(why.split("\n")[0])),
});

function say(text, ...more) {
  bar.hidden = false;
  status.replaceChildren(text, ...more);
}

// A button that is disabled would lose the focus of whoever has just pressed it.
function count(more) {
  asked += more;
  stop.setAttribute("aria-disabled", !asked);
}

// Cells run one after another, however fast they are asked for.
function run(cell) {
  count(1);
  const mine = era;
  queue = queue.then(() => mine === era && runTo(cell)).catch(() => {}).finally(() => count(-1));
  return queue;
}

async function runTo(cell) {
  const waiting = [...cells.slice(0, cells.indexOf(cell)).filter((one) => one.isWanted), cell];
  try {
    await started();
    say(TEXTS.running(waiting.length));
    for (const one of waiting) {
      if (await one.run(python, live)) continue;
      if (one === cell) return say(TEXTS.wrong);
      return say(`${TEXTS.above} `, made("a", { href: `#${one.element.id}` }, TEXTS.see));
    }
    say(TEXTS.done(waiting.length));
  } catch (error) {
    if (error instanceof Ended) return; // said already
    python.stop();
    say(TEXTS.failed);
  } finally {
    cells.forEach((one) => one.show());
  }
}

async function started() {
  if (!python.isReady) say(TEXTS.begun);
  // Widgets are drawn by a script that only a page which runs needs.
  const [drawing] = await Promise.all([import("./alive-widgets.js"), python.start()]);
  widgets ??= new drawing.Widgets((comm, data) => python.tell(comm, data));
}

const live = (model, otherwise) => widgets.draw(model) ?? otherwise();

function end(sentence) {
  era += 1;
  python.stop();
  widgets?.end();
  widgets = undefined;
  for (const cell of cells) cell.forget();
  if (!bar.hidden || asked) say(sentence);
}

function again() {
  end(TEXTS.fresh);
  python.start();
}

// Before anybody asks: first the bytes, while the page is read, then the start, when somebody comes near a cell.
function prepare() {
  if (isMetered() || !navigator.onLine) return;
  const main = document.getElementById("lesson");
  const soon = () => python.start();
  for (const event of ["pointerover", "focusin", "touchstart"]) {
    main.addEventListener(event, ({ target }) => target.closest(".cell") && soon(), { passive: true });
  }
  const near = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && soon(), NEAR);
  addEventListener("scroll", () => near.observe(cells[0].element), { once: true, passive: true });
  setTimeout(() => (globalThis.requestIdleCallback ?? setTimeout)(fetchQuietly), CALM);
}

async function fetchQuietly() {
  try {
    const { runtime, later } = await manifest();
    for (const name of [...Object.keys(runtime), ...later]) {
      if (python.isStarted || document.hidden) return; // The worker asks for the rest itself.
      await (await fetch(new URL(name, new URL("..", import.meta.url)), { priority: "low" })).arrayBuffer();
    }
  } catch {} // Run will say what is wrong.
}

function begin() {
  const places = document.querySelectorAll(".cell[data-cell]");
  const notes = [cannot(), ...cautions()].filter(Boolean);
  const why = notes.length && cannot();
  if (notes.length) {
    const box = made("div", { className: "note" }, ...(why ? [why] : notes).map((text) => made("p", {}, text)));
    document.querySelector("nav.run").after(box);
  }
  if (why || !places.length) return;
  const unkept = () => say(TEXTS.unkept);
  places.forEach((element, index) => cells.push(new Cell(element, index + 1, { run, unkept, cells })));
  cells.forEach((cell) => cell.show());
  document.getElementById("lesson").append(bar);
  prepare();
}

if (document.querySelector(".cell")) begin();
