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
  image.alt = description ? _("Picture, described in the text that follows it") : _("Picture");
  if (description) image.setAttribute("aria-describedby", identified(description));
}

function nameHome(logo) {
  logo.setAttribute("aria-label", _("Course home"));
  logo.href = new URL("..", location.href.split("?")[0]).href; // it led to a file browser that this site has not got
}

const NAMERS = {
  ".widget-slider .noUi-handle": nameSlider,
  ".jp-RenderedImage img:not([alt])": namePicture,
  ".jp-Cell:not([role])": (cell) => cell.setAttribute("role", "article"), // as their list, a feed, must have it
  ".jp-CodeCell .cm-content:not([aria-label])": (editor) => editor.setAttribute("aria-label", _("Code")),
  ".cm-content[role=textbox]:not([aria-label])": (editor) => editor.setAttribute("aria-label", _("Text")),
  ".jp-collapseHeadingButton:not([aria-label])": (button) => button.setAttribute("aria-label", _("Fold or unfold section")),
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

// JupyterLab says the language of its menus, and later than this; most of what is read here is the course's.
const { documentElement } = document;
const { lang } = documentElement;
const keepLanguage = () => documentElement.lang === lang || (documentElement.lang = lang);
new MutationObserver(keepLanguage).observe(documentElement, { attributeFilter: ["lang"] });

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

// JupyterLab tells links by their colour alone, and its prompts, numbers, comments and names of functions are pale.
// ipywidgets takes the ring away from what has the focus, hence three times the class, and leaves no room for one; what is
// chosen it tells by a shade alone. Where the reader's own colours are forced, shades are gone: words and lines of a picture
// take those colours, filled shapes keep theirs. JupyterLab waits for animations to end: they are cut short, not left out.
// On a phone the menus have no room beside them for what the File menu offers too, to trust the notebook, nor for words on
// Python's state.
const style = document.createElement("style");
style.textContent = `
  .jupyter-widgets.jupyter-widgets.jupyter-widgets :focus-visible {
    outline: 3px solid var(--jp-ui-font-color1, currentColor) !important; outline-offset: 2px; }
  body { --jp-cell-prompt-not-active-opacity: 1; --jp-cell-prompt-not-active-font-color: var(--jp-ui-font-color1);
    --jp-cell-inprompt-font-color: var(--jp-ui-font-color1); --jp-cell-outprompt-font-color: var(--jp-ui-font-color1); }
  body[data-jp-theme-light=true] { --jp-mirror-editor-number-color: #070; --jp-mirror-editor-comment-color: #2f6868; }
  body[data-jp-theme-light=false] { --jp-mirror-editor-def-color: #64b5f6; --jp-mirror-editor-comment-color: #7fb5b5; }
  .jp-RenderedHTMLCommon a { text-decoration: underline !important; }
  .jp-OutputArea-output > .widget-vbox { padding: 5px; }
  .widget-gridbox { column-gap: 4px; }
  @media (max-width: 480px) { .jp-NotebookTrustedStatus, .jp-NotebookKernelStatus { display: none; } }
  .widget-slider .slider-container { min-width: 3rem; flex: 1 1 3rem !important; }
  .widget-toggle-buttons .jupyter-button.mod-active {
    box-shadow: inset 0 -3px 0 var(--jp-ui-font-color1, currentColor) !important; }
  [data-jp-theme-light=false] .widget-html svg [stroke^="#"] { stroke-opacity: 1; opacity: 1; }
  @media (forced-colors: active) {
    .widget-html svg { color: CanvasText !important; }
    .widget-html svg [stroke] { stroke-opacity: 0.7; opacity: 1; }
    .widget-html svg [stroke^="#"] { stroke-opacity: 1; }
    .widget-slider .noUi-target { border: 1px solid ButtonText !important; }
    .jupyter-button { outline: 1px solid ButtonText; outline-offset: -1px; }
    .jupyter-button.jupyter-button.mod-active { color: HighlightText; background: Highlight; forced-color-adjust: none; }
  }
  @media (prefers-reduced-motion: reduce) {
    *, ::before, ::after { transition: none !important; scroll-behavior: auto !important;
      animation-duration: 1ms !important; animation-iteration-count: 1 !important; }
  }`;
document.head.append(style);
