// A browser may refuse to keep anything at all, and the apps would not even show a notebook then. What they get in place
// of it lasts as long as the page; versions-save.js says so when there is something to lose.
class Memory {
  #kept = new Map();
  get length() {
    return this.#kept.size;
  }
  key(index) {
    return [...this.#kept.keys()][index] ?? null;
  }
  getItem(key) {
    return this.#kept.get(String(key)) ?? null;
  }
  setItem(key, value) {
    this.#kept.set(String(key), String(value));
  }
  removeItem(key) {
    this.#kept.delete(String(key));
  }
  clear() {
    this.#kept.clear();
  }
}

try {
  localStorage.getItem("");
} catch {
  Object.defineProperty(window, "localStorage", { value: new Memory() });
}
