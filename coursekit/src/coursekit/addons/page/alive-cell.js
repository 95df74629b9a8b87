// One cell: its code, which may be edited, its buttons, and what it shows.
import { Edit } from "./alive-edits.js";
import { editor } from "./alive-editor.js";
import { made, Outputs } from "./alive-outputs.js";

const TEXTS = {
  run: _("Run"),
  toHere: (count) => _("Run to here ({count} cells)").replace("{count}", count),
  edit: _("Edit"),
  back: _("Back to the original"),
  earlier: _("Back to what you wrote"),
  exercise: _("Yours to write: press Edit, fill it in, and run it."),
  check: _("A check: run it, and it says whether your answer is right."),
  picture: _("This picture stands still: run the cell, and it moves."),
  outdated: _("The lesson has a newer version of this cell than you started from. Yours is kept; “Back to the original” shows the new one."),
  of: (name, number) => _("{button}, cell {number}").replace("{number}", number).replace("{button}", name),
};

export class Cell {
  #ran; // the text that Python knows
  #editor;

  /** `element` is its place on the page; `page` has what all cells share: run(cell), unkept(), cells. */
  constructor(element, number, page) {
    Object.assign(this, { element, number, page });
    element.id = `cell-${number}`;
    this.code = element.querySelector("pre");
    this.edit = new Edit(element.dataset.cell, this.code.textContent);
    this.isCheck = element.dataset.kind === "check";
    this.output = element.querySelector(".output") ?? made("div", { className: "output" });
    element.append(this.output);
    this.#makeButtons(element.querySelector(".bar"));
    const label = element.querySelector(":scope > .label");
    if (label) label.textContent = TEXTS[element.dataset.kind];
    for (const said of this.output.querySelectorAll(".label")) said.textContent = TEXTS.picture;
    this.code.addEventListener("dblclick", () => this.#open());
    addEventListener("storage", ({ key }) => key === this.edit.name && !this.#isTyped && this.#take());
    if (this.edit.isEdited) this.#open(false);
  }

  #makeButtons(bar) {
    const button = (key, act) => {
      const one = made("button", { type: "button", onclick: act }, TEXTS[key]);
      one.setAttribute("aria-label", TEXTS.of(TEXTS[key], this.number));
      return one;
    };
    this.runner = button("run", () => this.page.run(this));
    this.opener = button("edit", () => this.#open());
    this.backer = button("back", () => this.#put("back"));
    this.swapper = button("earlier", () => this.#put("swap"));
    this.outdated = made("p", { className: "label" }, TEXTS.outdated);
    bar.append(this.runner, this.opener, this.backer, this.swapper, this.outdated);
  }

  get isKnown() {
    return this.#ran === this.edit.text;
  }

  /** Whether a cell below needs it to run first; a check tells the reader something, and Python nothing. */
  get isWanted() {
    return !this.isKnown && !this.isCheck;
  }

  get #isTyped() {
    return document.hasFocus() && document.activeElement === this.#editor?.box;
  }

  show() {
    const { cells } = this.page, above = cells.slice(0, this.number - 1).filter((one) => one.isWanted).length;
    const name = above ? TEXTS.toHere(above + 1) : TEXTS.run;
    this.runner.textContent = name;
    this.runner.setAttribute("aria-label", TEXTS.of(name, this.number));
    this.opener.hidden = Boolean(this.#editor);
    this.backer.hidden = !this.edit.isEdited;
    this.swapper.hidden = !this.edit.earlier;
    this.outdated.hidden = !this.edit.isOutdated;
  }

  /** Run it; whether it ended well. */
  async run(python, live) {
    const { text } = this.edit, outputs = new Outputs(this.output, live);
    this.element.setAttribute("aria-busy", "true");
    try {
      const { status } = await python.run(text, (type, bundle) => outputs.hear(type, bundle));
      outputs.done();
      this.#ran = status === "ok" ? text : undefined;
      return status === "ok";
    } finally {
      this.element.removeAttribute("aria-busy");
    }
  }

  /** Python knows nothing of it any more. */
  forget() {
    this.#ran = undefined;
    this.show();
  }

  #open(focused = true) {
    if (!this.#editor) {
      const typed = (text) => {
        if (!this.edit.write(text)) this.page.unkept();
        this.#showAll();
      };
      this.#editor = editor(this.number, this.edit.text, typed, () => this.page.run(this));
      this.code.hidden = true;
      this.code.after(this.#editor.element);
    }
    if (focused) {
      this.#showAll();
      this.#editor.box.focus();
    }
  }

  #put(which) {
    if (!this.edit[which]()) this.page.unkept();
    this.#open();
    this.#editor.set(this.edit.text);
  }

  // Another tab wrote it.
  #take() {
    this.edit.read();
    this.#open(false);
    this.#editor.set(this.edit.text);
    this.#showAll();
  }

  #showAll() {
    for (const cell of this.page.cells) cell.show();
  }
}
