// Start Python while the page is still starting: the kernel's worker is made now, and handed over when it is asked for.
const url = new URL("early-worker.js", document.currentScript.src).href;
const start = (Real) => new Real(url, { type: "module" });

let waiting = start(Worker);
window.Worker = new Proxy(Worker, {
  construct(Real, [asked, options]) {
    if (!/comlink[.]worker/.test(asked)) return new Real(asked, options);
    const given = waiting ?? start(Real);
    waiting = null; // A restarted kernel gets a worker of its own.
    return given;
  },
});
