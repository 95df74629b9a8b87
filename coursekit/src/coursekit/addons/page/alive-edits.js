// What a reader wrote into a cell, kept in this browser: {text, original, aside: [earlier texts]}. Nothing is dropped.
const folder = new URL("..", import.meta.url).pathname;
const page = decodeURIComponent(location.pathname.split("/").pop()).replace(/[.]html$/, "");
const name = (cell) => `edits of ${folder} ${page}/${cell}`;

export class Edit {
  /** The edit of `cell`, whose text in the lesson is `original`. */
  constructor(cell, original) {
    this.name = name(cell);
    this.original = original;
    this.read();
  }

  read() {
    const kept = parsed(stored(this.name));
    this.text = kept && kept.text !== kept.original ? kept.text : this.original;
    this.aside = kept?.aside ?? [];
    /** Whether the lesson has another original now than when this was written. */
    this.isOutdated = this.isEdited && kept.original !== this.original;
    this.since = this.isOutdated ? kept.original : this.original;
  }

  get isEdited() {
    return this.text !== this.original;
  }

  /** Keep `text`; false when this browser refuses. */
  write(text) {
    this.text = text;
    return this.#keep();
  }

  /** Put the original back, and what stood there aside. */
  back() {
    if (this.isEdited) this.aside = [this.text, ...this.aside.filter((one) => one !== this.text)];
    this.text = this.since = this.original;
    this.isOutdated = false;
    return this.#keep();
  }

  get earlier() {
    return this.aside.find((one) => one !== this.text);
  }

  /** Bring the text back that was put aside last; what stands there goes behind the others. */
  swap() {
    const text = this.earlier;
    const others = this.aside.filter((one) => one !== text);
    this.aside = this.isEdited ? [...others, this.text] : others;
    return this.write(text);
  }

  #keep() {
    try {
      if (!this.isEdited && !this.aside.length) localStorage.removeItem(this.name);
      else localStorage.setItem(this.name, JSON.stringify({ text: this.text, original: this.since, aside: this.aside }));
      return true;
    } catch {
      return false;
    }
  }
}

function stored(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function parsed(text) {
  try {
    const { text: written, original, aside = [] } = JSON.parse(text);
    return [written, original, ...aside].every((one) => typeof one === "string") ? { text: written, original, aside } : null;
  } catch {
    return null;
  }
}
