// What a cell shows, as elements: text as text, pictures with their words, HTML only as far as it is harmless.
const MOST = 200_000;
const TEXTS = {
  output: _("Output"),
  error: _("Error"),
  picture: _("Picture"),
  drawn: _("The picture that this cell draws"),
  cut: _("… and more, which is not shown: it is too long for a page."),
};
const TAGS = new Set((
  "a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr " +
  "i img ins kbd label li mark meter ol p pre progress q s samp small span strong sub summary sup table tbody td tfoot " +
  "th thead time tr u ul var wbr svg g path rect circle ellipse line polyline polygon text tspan title desc defs " +
  "linearGradient radialGradient stop clipPath marker pattern symbol math mrow mi mn mo ms mtext msup msub msubsup " +
  "mfrac msqrt mroot mover munder munderover mtable mtr mtd mspace mstyle mpadded"
).split(" "));
const LINKS = /^(?:#|https?:|mailto:|[^:]*$)/i;
const PICTURES = /^data:image\/(?:png|jpeg|gif|webp);/i;

export const made = (name, settings = {}, ...children) => {
  const element = Object.assign(document.createElement(name), settings);
  element.append(...children);
  return element;
};

/** The harmless part of `text`, which is HTML: neither scripts nor forms, frames, styles for the page, or handlers. */
export function harmless(text) {
  const { body } = new DOMParser().parseFromString(String(text), "text/html");
  for (const element of body.querySelectorAll("*")) {
    if (!TAGS.has(element.localName)) element.remove();
    else for (const { name, value } of [...element.attributes]) if (!allowed(name, value)) element.removeAttribute(name);
  }
  for (const image of body.querySelectorAll("img")) {
    if (!image.hasAttribute("src")) image.remove();
    else if (!image.hasAttribute("alt")) image.alt = TEXTS.drawn;
  }
  const kept = document.createDocumentFragment();
  kept.append(...body.childNodes);
  return kept;
}

function allowed(name, value) {
  if (/^on/i.test(name)) return false;
  if (/href$/i.test(name)) return LINKS.test(value.trim());
  if (/^(?:src|srcset|data|action|formaction)$/i.test(name)) return name === "src" && PICTURES.test(value.trim());
  return name !== "tabindex";
}

const plain = (text) => String(text).replace(/\x1b\[[0-9;]*[A-Za-z]/g, "");
const said = (text, label = TEXTS.output) => {
  const pre = made("pre", { tabIndex: 0 }, plain(text));
  pre.setAttribute("role", "group");
  pre.setAttribute("aria-label", label);
  return pre;
};
const paper = (...children) => {
  const box = made("div", { className: "paper", tabIndex: 0 }, ...children);
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", TEXTS.picture);
  return box;
};
const picture = (type) => (data, words) => {
  const alt = (words[type]?.alt ?? TEXTS.drawn).split(/\s+/).join(" ");
  return made("p", { className: "paper" }, made("img", { alt, src: `data:${type};base64,${data.trim()}` }));
};

// The first that a bundle has is shown.
const KINDS = {
  "text/html": (text) => paper(harmless(text)),
  "image/svg+xml": (text) => paper(harmless(text)),
  "image/png": picture("image/png"),
  "image/jpeg": picture("image/jpeg"),
  "text/markdown": (text) => said(text),
  "text/latex": (text) => said(text),
  "text/plain": (text) => said(text),
};
const WIDGET = "application/vnd.jupyter.widget-view+json";

export class Outputs {
  #place;
  #fresh = true;
  #length = 0;
  #displays = new Map();
  #live;

  /** Outputs go to `place`, instead of what stands there; `live(model_id, otherwise)` draws a widget. */
  constructor(place, live) {
    this.#place = place;
    this.#live = live;
  }

  /** What stands there stays until something new comes, or the cell has ended and said nothing. */
  done() {
    if (this.#fresh) this.#place.replaceChildren();
  }

  hear(type, bundle) {
    if (type === "clear_output") {
      this.#fresh = true;
      if (!bundle.wait) this.#place.replaceChildren();
    } else if (type === "stream") this.#stream(bundle);
    else if (type === "execute_error") this.#error(bundle);
    else if (type === "update_display_data") this.#update(bundle);
    else if (bundle?.data) this.#show(bundle);
  }

  #add(element) {
    if (this.#fresh) this.#place.replaceChildren();
    this.#fresh = false;
    this.#place.append(element);
  }

  #stream({ name, text }) {
    if (this.#length > MOST) return;
    this.#length += text.length;
    const rest = this.#length > MOST ? `\n${TEXTS.cut}` : "";
    const last = this.#fresh ? null : this.#place.lastElementChild;
    if (last?.dataset.stream === name) last.append(plain(text) + rest);
    else {
      const pre = said(text + rest);
      pre.dataset.stream = name;
      this.#add(pre);
    }
  }

  #error({ ename, evalue, traceback }) {
    const pre = said(traceback?.length ? traceback.join("\n") : `${ename}: ${evalue}`, TEXTS.error);
    pre.classList.add("error");
    this.#add(pre);
  }

  #drawn({ data, metadata = {} }) {
    const kind = Object.keys(KINDS).find((one) => one in data);
    const otherwise = () => kind ? KINDS[kind](data[kind], metadata ?? {}) : said("");
    const model = data[WIDGET]?.model_id;
    return model ? this.#live(model, otherwise) : otherwise();
  }

  #show(bundle) {
    const element = this.#drawn(bundle);
    this.#add(element);
    const id = bundle.transient?.display_id;
    if (id) this.#displays.set(id, element);
  }

  #update(bundle) {
    const id = bundle.transient?.display_id, element = this.#displays.get(id);
    if (!element) return;
    this.#displays.set(id, this.#drawn(bundle));
    element.replaceWith(this.#displays.get(id));
  }
}
