// Search over all lessons, out of one small file that is fetched when somebody begins to search.
const MOST = 20, AROUND = 60;
const place = document.querySelector("[data-search]");
const made = (name, settings = {}, ...children) => {
  const element = Object.assign(document.createElement(name), settings);
  element.append(...children);
  return element;
};
const input = made("input", { type: "search", id: "query", autocomplete: "off", spellcheck: false });
const said = made("p", { className: "said" });
const found = made("ul", { className: "found" });
let sections;

async function fetched() {
  const response = await fetch(new URL("search.json", import.meta.url));
  if (!response.ok) throw new Error(response.statusText);
  return (await response.json()).map((one) => ({ ...one, low: `${one.lesson} ${one.title} ${one.text}`.toLowerCase() }));
}

// A section counts when it has every word; one with a word in its title comes first.
function matching(words) {
  const hits = (text) => words.filter((word) => text.toLowerCase().includes(word)).length;
  return sections
    .filter((one) => words.every((word) => one.low.includes(word)))
    .map((one) => [hits(one.title), one])
    .sort(([one], [other]) => other - one)
    .map(([, one]) => one);
}

function excerpt({ text }, words) {
  const low = text.toLowerCase();
  const places = words.map((word) => [low.indexOf(word), word]).filter(([at]) => at >= 0);
  const [at, word] = places.sort(([one], [other]) => one - other)[0] ?? [0, ""];
  const from = Math.max(0, at - AROUND), end = at + word.length;
  const mark = made("mark", {}, text.slice(at, end));
  return [from ? "…" : "", text.slice(from, at), ...(word ? [mark] : []), text.slice(end, end + 2 * AROUND), "…"];
}

function listed(one, words) {
  const name = one.title === one.lesson ? one.lesson : `${one.lesson}: ${one.title}`;
  const link = made("a", { href: new URL(one.where, import.meta.url) }, name);
  return made("li", {}, link, made("p", {}, ...excerpt(one, words)));
}

const told = (count) =>
  (count > MOST
    ? _n("{count} section found, the first {most} shown.", "{count} sections found, the first {most} shown.", count)
    : _n("{count} section found.", "{count} sections found.", count)
  ).replace("{count}", count).replace("{most}", MOST);

async function search() {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  try {
    sections ??= await fetched();
  } catch {
    said.textContent = _("The search cannot be loaded just now. Is there a network?");
    return;
  }
  const hits = words.length ? matching(words) : [];
  found.replaceChildren(...hits.slice(0, MOST).map((one) => listed(one, words)));
  said.textContent = words.length ? told(hits.length) : "";
}

if (place) {
  const form = made("form", {}, made("label", { htmlFor: "query" }, _("Search all lessons")), input);
  form.setAttribute("role", "search");
  said.setAttribute("aria-live", "polite");
  form.addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("input", search);
  place.append(form, said, found);
}

// What does not scroll at this width need not stop whoever goes through the page by keyboard.
function stops() {
  for (const one of document.querySelectorAll("pre, .wide, .paper[role]")) {
    const scrolls = one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight;
    if (scrolls && getComputedStyle(one).display !== "inline") one.tabIndex = 0;
    else one.removeAttribute("tabindex");
  }
}
stops();
addEventListener("resize", stops);
