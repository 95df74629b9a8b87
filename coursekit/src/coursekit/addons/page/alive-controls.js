// What ipywidgets' models look like here: the browser's own controls, each with its label.
import { harmless, made } from "./alive-outputs.js";

const UNKNOWN = _("This widget can be shown in the running lesson only: press “Run it” above.");
let named = 0;

/** A model as an element that follows it. */
export function view(model) {
  const draw = VIEWS[model.state._view_name];
  const element = draw ? draw(model) : made("p", {}, UNKNOWN);
  const layout = model.widgets.model(model.state.layout);
  layout?.watch(Object.keys(layout.state), (state) => laidOut(element, state));
  if ("disabled" in model.state) {
    model.watch(["disabled"], ({ disabled }) => {
      for (const one of controls(element)) one.disabled = Boolean(disabled);
    });
  }
  model.watch(["tooltip"], ({ tooltip }) => { element.title = tooltip ?? ""; });
  return element;
}

const controls = (element) => (element.matches("button") ? [element] : element.querySelectorAll("input, select, textarea, button"));

function laidOut(element, state) {
  for (const [key, value] of Object.entries(state)) {
    if (!key.startsWith("_") && typeof value === "string") element.style.setProperty(key.replaceAll("_", "-"), value);
  }
}

function box(className) {
  return (model) => {
    const element = made("div", { className });
    model.watch(["children"], ({ children }) => {
      const inside = children.map((one) => model.widgets.model(one)).filter(Boolean);
      element.replaceChildren(...inside.map(view));
    });
    return element;
  };
}

/** A control with its description before it and, where it helps, its value after it. */
function labelled(model, control, ...after) {
  control.id = `widget-${++named}`;
  const label = made("label", { htmlFor: control.id });
  model.watch(["description"], ({ description }) => { label.textContent = description; });
  model.watch(["description", "tooltip"], ({ description, tooltip }) => {
    if (!description) control.setAttribute("aria-label", tooltip || model.state._view_name.replace("View", ""));
  });
  return made("div", { className: "control" }, label, control, ...after);
}

function slider(read, write) {
  return (model) => {
    const control = made("input", { type: "range" }), shown = made("output");
    const element = labelled(model, control, shown);
    shown.htmlFor = control.id;
    model.watch(["value", "index", "min", "max", "step", "_options_labels"], (state) => {
      const { min, max, step, at, text } = read(state);
      Object.assign(control, { min, max, step, value: at });
      control.setAttribute("aria-valuetext", text);
      shown.textContent = text;
    });
    control.addEventListener("input", () => model.set(write(Number(control.value))));
    return element;
  };
}

const decimals = ({ readout_format: format, step }) => Number(/\.(\d+)f/.exec(format ?? "")?.[1] ?? (step < 1 ? 2 : 0));
const number = (state) => ({ ...state, at: state.value, text: state.value.toFixed(decimals(state)) });
const choice = ({ index, _options_labels: labels }) =>
  ({ min: 0, max: labels.length - 1, step: 1, at: index ?? 0, text: labels[index] ?? "" });

function field({ name = "input", ...settings }, read = (control) => control.value, event = "input") {
  return (model) => {
    const control = made(name, settings);
    const element = labelled(model, control);
    model.watch(["value", "placeholder"], ({ value, placeholder }) => {
      control.placeholder = placeholder ?? "";
      if (read(control) !== value) control.value = value;
    });
    control.addEventListener(event, () => model.set({ value: read(control) }));
    return element;
  };
}

function checkbox(model) {
  const control = made("input", { type: "checkbox" }), element = labelled(model, control);
  element.append(element.firstChild); // its words come after it
  model.watch(["value"], ({ value }) => { control.checked = value; });
  control.addEventListener("change", () => model.set({ value: control.checked }));
  return element;
}

function dropdown(model) {
  const control = made("select"), element = labelled(model, control);
  model.watch(["_options_labels"], ({ _options_labels: labels }) => {
    control.replaceChildren(...labels.map((label) => made("option", {}, label)));
  });
  model.watch(["index", "_options_labels"], ({ index }) => { control.selectedIndex = index ?? -1; });
  control.addEventListener("change", () => model.set({ index: control.selectedIndex }));
  return element;
}

function button(model) {
  const element = made("button", { type: "button", onclick: () => model.click() });
  model.watch(["description"], ({ description }) => { element.textContent = description; });
  return element;
}

function toggle(model) {
  const element = made("button", { type: "button", className: "toggle", onclick: () => model.set({ value: !model.state.value }) });
  model.watch(["description", "tooltip"], ({ description, tooltip }) => {
    element.textContent = description;
    // What it says may be a mere sign.
    if (tooltip) element.setAttribute("aria-label", tooltip);
  });
  model.watch(["value"], ({ value }) => element.setAttribute("aria-pressed", Boolean(value)));
  return element;
}

function toggles(model) {
  const legend = made("legend"), element = made("fieldset", {}, legend), group = `widget-${++named}`;
  model.watch(["description"], ({ description }) => { legend.textContent = description; });
  model.watch(["_options_labels"], ({ _options_labels: labels }) => {
    element.replaceChildren(legend, ...labels.map((label, index) => {
      const control = made("input", { type: "radio", name: group, onchange: () => model.set({ index }) });
      return made("label", { className: "choice" }, control, label);
    }));
  });
  model.watch(["index", "_options_labels"], ({ index }) => {
    element.querySelectorAll("input").forEach((control, at) => { control.checked = at === index; });
  });
  return element;
}

// A part that stays the same stays where it is: what it says anew is then read aloud, once.
function markup(model) {
  const element = made("div", { className: "html" });
  model.watch(["value"], ({ value }) => {
    const fresh = harmless(value), [one] = fresh.children, [old] = element.children;
    const same = fresh.childNodes.length === 1 && element.childNodes.length === 1 && one && old &&
      one.cloneNode().isEqualNode(old.cloneNode()) && old.hasAttribute("role");
    if (same) old.replaceChildren(...one.childNodes);
    else element.replaceChildren(fresh);
  });
  return element;
}

function words(model) {
  const element = made("span");
  model.watch(["value"], ({ value }) => { element.textContent = value; });
  return element;
}

const VIEWS = {
  BoxView: box("box"),
  HBoxView: box("box"),
  VBoxView: box("column"),
  GridBoxView: box("grid"),
  IntSliderView: slider(number, (value) => ({ value })),
  FloatSliderView: slider(number, (value) => ({ value })),
  SelectionSliderView: slider(choice, (index) => ({ index })),
  DropdownView: dropdown,
  TextView: field({ type: "text" }),
  TextareaView: field({ name: "textarea", rows: 4 }),
  IntTextView: field({ type: "number", step: 1 }, (control) => Math.round(Number(control.value)), "change"),
  FloatTextView: field({ type: "number", step: "any" }, (control) => Number(control.value), "change"),
  CheckboxView: checkbox,
  ButtonView: button,
  ToggleButtonView: toggle,
  ToggleButtonsView: toggles,
  HTMLView: markup,
  LabelView: words,
};
