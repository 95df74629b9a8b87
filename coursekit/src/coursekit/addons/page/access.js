// What JupyterLab and ipywidgets leave out for those who listen, or see the page in colours of their own.
let count = 0;
const identified = (element) => (element.id ||= `course-${++count}`);

function nameSlider(handle) {
  const label = handle.closest(".jupyter-widgets")?.querySelector("label");
  if (label) handle.setAttribute("aria-labelledby", identified(label));
  // The handle would read 2.000000000000001 aloud; the readout beside it says 2.0.
  const value = handle.getAttribute("aria-valuenow");
  if (handle.getAttribute("aria-valuetext") !== value) handle.setAttribute("aria-valuetext", value);
}

function namePicture(image) {
  const description = image.closest(".jp-OutputArea-child")?.nextElementSibling;
  image.alt = description ? "Picture, described in the text that follows it" : "Picture";
  if (description) image.setAttribute("aria-describedby", identified(description));
}

function nameHome(logo) {
  logo.setAttribute("aria-label", "Course home");
  logo.href = new URL("..", location.href.split("?")[0]).href; // it led to a file browser that this site has not got
}

const NAMERS = {
  ".widget-slider .noUi-handle": nameSlider,
  ".jp-RenderedImage img:not([alt])": namePicture,
  ".jp-Cell:not([role])": (cell) => cell.setAttribute("role", "article"), // as their list, a feed, must have it
  ".jp-CodeCell .cm-content:not([aria-label])": (editor) => editor.setAttribute("aria-label", "Code"),
  ".cm-content[role=textbox]:not([aria-label])": (editor) => editor.setAttribute("aria-label", "Text"),
  ".jp-collapseHeadingButton:not([aria-label])": (button) => button.setAttribute("aria-label", "Fold or unfold section"),
  "a#jp-NotebookLogo:not([aria-label])": nameHome,
};

function nameAll() {
  for (const [selector, name] of Object.entries(NAMERS)) document.querySelectorAll(selector).forEach(name);
}

// A screen reader follows a region that stays and whose words change. ipywidgets puts a new element in place of the one
// that says role=status, so that what stands around it, and stays, becomes the region.
function keepRegions() {
  for (const region of document.getElementsByClassName("widget-html-content")) {
    const words = region.firstElementChild;
    if (words?.getAttribute("role") !== "status") continue;
    region.setAttribute("role", "status");
    region.setAttribute("aria-live", words.getAttribute("aria-live") ?? "polite");
    words.removeAttribute("role");
    words.removeAttribute("aria-live");
  }
}

let waiting = false;
new MutationObserver(() => {
  keepRegions(); // before anybody has been told of the new element
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    nameAll();
  });
}).observe(document.documentElement, { subtree: true, childList: true, attributeFilter: ["aria-valuetext"] });

// ipywidgets takes the ring away from what has the focus. Where the reader's own colours are forced, lines and words of
// a picture take them too; filled shapes keep theirs.
const style = document.createElement("style");
style.textContent = `
  .jupyter-widgets :focus-visible { outline: 3px solid var(--jp-ui-font-color1, currentColor) !important; outline-offset: 2px; }
  @media (forced-colors: active) { .widget-html svg { color: CanvasText !important; } }`;
document.head.append(style);
