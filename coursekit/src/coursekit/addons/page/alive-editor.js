// A plain text box for code: it grows with its text, Tab indents, Escape lets Tab leave.
import { made } from "./alive-outputs.js";

const STEP = "    ";
const TEXTS = {
  label: (number) => _("Code of cell {number}").replace("{number}", number),
  hint: _("Shift+Enter runs it. Tab indents; press Escape, then Tab, to leave."),
};

/** A labelled text box for cell `number`; `typed(text)` at each change, `run()` at Shift+Enter. */
export function editor(number, text, typed, run) {
  const box = made("textarea", { id: `code-${number}`, value: text, wrap: "off", spellcheck: false });
  for (const name of ["autocapitalize", "autocomplete", "autocorrect"]) box.setAttribute(name, "off");
  box.setAttribute("aria-describedby", `hint-${number}`);
  const label = made("label", { htmlFor: box.id, className: "unseen" }, TEXTS.label(number));
  const hint = made("p", { id: `hint-${number}`, className: "hint" }, TEXTS.hint);
  const grow = () => { box.rows = box.value.split("\n").length; };
  box.addEventListener("input", () => {
    grow();
    typed(box.value);
  });
  let leaves = false;
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.shiftKey) run();
    else if (event.key === "Enter" && !event.isComposing) insert(box, `\n${indentAt(box)}`);
    else if (event.key === "Tab" && !leaves && !event.ctrlKey && !event.altKey) event.shiftKey ? dedent(box) : indent(box);
    else {
      leaves = event.key === "Escape" || (leaves && event.key === "Shift");
      return;
    }
    event.preventDefault();
  });
  box.addEventListener("blur", () => { leaves = false; });
  grow();
  const set = (value) => {
    box.value = value;
    grow();
  };
  return { element: made("div", { className: "editor" }, label, box, hint), box, set };
}

// As if typed: the browser's own undo takes it back.
function insert(box, text) {
  if (!document.execCommand("insertText", false, text)) {
    box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
    box.dispatchEvent(new Event("input"));
  }
}

const lineStart = (box) => box.value.lastIndexOf("\n", box.selectionStart - 1) + 1;

function indentAt(box) {
  const line = box.value.slice(lineStart(box), box.selectionStart);
  return line.match(/^ */)[0] + (/:\s*$/.test(line) ? STEP : "");
}

function lines(box, change) {
  const from = lineStart(box), after = box.value.indexOf("\n", box.selectionEnd);
  const to = after < 0 ? box.value.length : after;
  const text = box.value.slice(from, to).split("\n").map(change).join("\n");
  box.setSelectionRange(from, to);
  insert(box, text);
  return [from, from + text.length];
}

function indent(box) {
  if (box.selectionStart === box.selectionEnd) insert(box, " ".repeat(STEP.length - ((box.selectionStart - lineStart(box)) % STEP.length)));
  else box.setSelectionRange(...lines(box, (line) => line && STEP + line));
}

function dedent(box) {
  const [one, other] = [box.selectionStart, box.selectionEnd];
  const before = box.value.length;
  const [from, to] = lines(box, (line) => line.replace(/^ {1,4}/, ""));
  if (one === other) box.setSelectionRange(...Array(2).fill(Math.max(from, one - (before - box.value.length))));
  else box.setSelectionRange(from, to);
}
