// One plain sentence at the foot of the notebook app, with a link or buttons; the same sentence is never there twice.
const style = document.createElement("style");
style.textContent = `
  #course-notices { position: fixed; inset: auto 0 0; z-index: 1500; font: 1rem/1.5 system-ui, sans-serif; color-scheme: light dark; }
  #course-notices p { margin: 0; padding: .5rem 1rem; display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: center;
    color: light-dark(#111, #eee); background: light-dark(#fff6d6, #3a3212); border-top: 1px solid currentColor; }
  #course-notices a, #course-notices button { font: inherit; color: inherit; cursor: pointer; }
  #course-notices a { text-decoration: underline; }
  #course-notices button { background: none; border: 1px solid currentColor; border-radius: .4rem; padding: .2rem .75rem; }
  #course-notices :focus-visible { outline: 3px solid currentColor; outline-offset: 2px; }`;
document.head.append(style);

function place() {
  const found = document.getElementById("course-notices");
  if (found) return found;
  const made = Object.assign(document.createElement("div"), { id: "course-notices" });
  made.setAttribute("role", "status");
  document.body.append(made);
  return made;
}

export function link(text, href) {
  return Object.assign(document.createElement("a"), { textContent: text, href });
}

export function button(text, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: text });
  made.addEventListener("click", act);
  return made;
}

export function notice(kind, sentence, ...controls) {
  take(kind);
  const line = document.createElement("p");
  line.dataset.kind = kind;
  line.append(Object.assign(document.createElement("span"), { textContent: sentence }), ...controls);
  line.append(button(_("Close"), () => take(kind)));
  place().append(line);
}

export function take(kind) {
  document.querySelector(`#course-notices [data-kind="${kind}"]`)?.remove();
}
