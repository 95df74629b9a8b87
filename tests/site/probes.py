"""What is looked for on the page of a lesson in JupyterLab, as a script that finds it there."""

#: what a control is called
NAMES = """elements => elements.map(e => e.getAttribute('aria-label') || e.getAttribute('title')
  || [...(e.labels || [])].map(l => l.textContent).join() || e.textContent
  || document.getElementById(e.getAttribute('aria-labelledby') || '-')?.textContent || '')"""
#: what is wider than the window and cannot be scrolled to inside something that shows that it scrolls
TOO_WIDE = """() => [...document.querySelectorAll('html, .jp-WindowedPanel-outer, .jp-RenderedMarkdown,'
    + ' .jp-OutputArea-output, .jupyter-widgets')]
  .filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline'
    && (e.matches('html, .jp-WindowedPanel-outer') || !/auto|scroll/.test(getComputedStyle(e).overflowX)))
  .map((e) => `${e.className}: ${e.scrollWidth} in ${e.clientWidth}`)"""
MOVING = """() => document.getAnimations().map((a) => a.effect.target)
  .filter((e) => e.closest('.jp-RenderedMarkdown, .jp-OutputArea-output')).map((e) => e.outerHTML)"""
#: what begins to move among the outputs from now on, however short it lasts
WATCH = """() => {
  window.moved = [];
  for (const kind of ['transitionrun', 'animationstart']) {
    addEventListener(kind, ({ target, propertyName, animationName }) => {
      if (target.closest('.jp-OutputArea-output')) moved.push(`${target.className} ${propertyName ?? animationName}`);
    }, true);
  }
}"""
DARK = "() => document.body.dataset.jpThemeLight === 'false'"
#: of the whole lesson, in pixels; JupyterLab's own body has none, and cuts off what is out of it
HEIGHT = """() => {
  document.body.style.height = '100vh';
  return document.querySelector('.jp-WindowedPanel-viewport').scrollHeight + 300;
}"""
SEEN = """e => e === document.activeElement && getComputedStyle(e).outlineStyle === 'solid'
  && parseFloat(getComputedStyle(e).outlineWidth) >= 2"""
#: what is lost where colours are forced: words and lines in other inks, lines too faint, controls without an edge
LOST = """() => {
  const probe = document.body.appendChild(document.createElement('i'));
  probe.style.color = 'CanvasText';
  const wanted = getComputedStyle(probe).color;
  probe.remove();
  const found = (selector, isLost) => [...document.querySelectorAll(selector)]
    .filter((e) => isLost(getComputedStyle(e))).map((e) => `${selector}: ${e.outerHTML.slice(0, 200)}`);
  const edgeless = (e) => e.borderTopStyle === 'none' && e.outlineStyle === 'none';
  return [
    ...found('.widget-html svg, .widget-html [role=status]', (e) => e.color !== wanted),
    ...found('.widget-html svg [stroke]', (e) => e.strokeOpacity * e.opacity < 0.5),
    ...found('.jupyter-button, .widget-slider .noUi-target, .jupyter-widgets :is(select, input[type=text])', edgeless),
  ];
}"""
