// Widgets, live: the models that ipywidgets has in Python, and what is told to them; each move goes there, newest last.
import { view } from "./alive-controls.js";
import { made } from "./alive-outputs.js";

const TEXTS = {
  ended: _("Python was stopped: run the cell again, and this moves again."),
};
const MODEL = /^IPY_MODEL_/;

export class Widgets {
  #models = new Map();
  #drawn = new Set();

  /** `tell(comm, data)` sends a message to a widget in Python, and is done when Python has heard it. */
  constructor(tell) {
    this.tell = tell;
  }

  hear(type, { comm_id: id, data }) {
    if (type === "comm_open") this.#models.set(id, new Model(id, data.state, this));
    else if (type === "comm_close") this.#models.delete(id);
    else if (data.method === "update") this.#models.get(id)?.take(data.state);
  }

  model(name) {
    return this.#models.get(String(name).replace(MODEL, ""));
  }

  /** The widget `id` as an element, or null when there is none. */
  draw(id) {
    const model = this.model(id);
    if (!model) return null;
    const element = made("div", { className: "paper widget" }, view(model));
    this.#drawn.add(element);
    return element;
  }

  /** Python has gone: nothing here moves any more, and that is said. */
  end() {
    for (const element of this.#drawn) {
      for (const control of element.querySelectorAll("input, select, textarea, button")) control.disabled = true;
      if (element.querySelector("input, select, textarea, button")) element.append(made("p", {}, TEXTS.ended));
    }
  }
}

class Model {
  #watching = [];
  #newest;
  #isTelling = false;

  constructor(id, state, widgets) {
    Object.assign(this, { id, state, widgets });
  }

  /** Do `show(state)` now and after each change of one of `keys`. */
  watch(keys, show) {
    this.#watching.push([keys, show]);
    show(this.state);
  }

  take(state) {
    Object.assign(this.state, state);
    this.#tell(Object.keys(state));
  }

  /** Set by the reader: shown by whoever watches, and told to Python. */
  set(state) {
    this.take(state);
    this.#newest = { ...this.#newest, ...state };
    this.#send();
  }

  click() {
    this.widgets.tell(this.id, { method: "custom", content: { event: "click" } }).catch(() => {});
  }

  #tell(changed) {
    for (const [keys, show] of this.#watching) if (keys.some((key) => changed.includes(key))) show(this.state);
  }

  // One message at a time: while Python works on a move, only the newest of the next ones is kept.
  async #send() {
    if (this.#isTelling) return;
    this.#isTelling = true;
    try {
      while (this.#newest) {
        const state = this.#newest;
        this.#newest = undefined;
        await this.widgets.tell(this.id, { method: "update", state, buffer_paths: [] });
      }
    } catch {} // Python has gone; the page says so.
    this.#isTelling = false;
  }
}
