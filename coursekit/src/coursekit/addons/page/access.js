// Names for what JupyterLab and ipywidgets leave nameless to a screen reader: slider handles and pictures.
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

function nameAll() {
  document.querySelectorAll(".widget-slider .noUi-handle").forEach(nameSlider);
  document.querySelectorAll(".jp-RenderedImage img:not([alt])").forEach(namePicture);
}

let waiting = false;
new MutationObserver(() => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    nameAll();
  });
}).observe(document.documentElement, { subtree: true, childList: true, attributeFilter: ["aria-valuetext"] });
