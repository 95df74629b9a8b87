// Start Python while the page is still starting: the kernel's worker is made now, and handed over when it is asked for.
const url = new URL("early-worker.js", document.currentScript.src).href;
const start = (Real) => watched(new Real(url, { type: "module" }));

// Once a start takes long: how far it is, until Python runs or is known not to.
const watched = (() => {
  const PATIENCE = 10_000; // milliseconds until one wonders why nothing runs
  const SENTENCES = {
    fetching: (came, all) => _("Python is still being fetched ({come} of {all} MB). You can read on meanwhile.")
      .replace("{come}", mega(came)).replace("{all}", mega(all)),
    begun: _("Python is still being fetched. You can read on meanwhile."),
    starting: _("Python has been fetched and is starting. You can read on meanwhile."),
  };
  const STYLE =
    "position:fixed;inset:auto 0 0;z-index:1400;margin:0;padding:.5rem 1rem;font:1rem/1.5 system-ui,sans-serif;" +
    "color-scheme:light dark;color:light-dark(#111,#eee);background:light-dark(#fff6d6,#3a3212)";
  const mega = (bytes) => Math.round(bytes / 1e6);
  let settle = () => {};

  return (worker) => {
    settle(); // Of a worker that was given up nothing more is heard.
    const line = Object.assign(document.createElement("p"), { id: "patience" });
    line.setAttribute("role", "status");
    line.style.cssText = STYLE;
    let text = SENTENCES.begun;
    const timer = setTimeout(() => {
      document.body.append(line);
      setTimeout(() => (line.textContent = text), 100); // Read aloud is what changes in a line that is there.
    }, PATIENCE);
    settle = () => {
      clearTimeout(timer);
      line.remove();
    };
    addEventListener("python-ended", ({ detail }) => detail === worker && settle());
    worker.addEventListener("message", ({ data }) => {
      if (data?.started || data?.trouble) settle();
      if (!data?.fetching) return;
      const { came, all } = data.fetching;
      text = came < all ? SENTENCES.fetching(came, all) : SENTENCES.starting;
      if (line.textContent) line.textContent = text;
    });
    return worker;
  };
})();

// Firefox gives a worker made of a blob the service worker that its page has at that moment, or none for ever; and without
// one the kernel cannot read its folder. On a first visit there is none yet, so it is asked for, as JupyterLite does later.
async function lookedAfter() {
  const workers = navigator.serviceWorker;
  const taken = new Promise((resolve) => workers.addEventListener("controllerchange", resolve, { once: true }));
  await workers.register(new URL("../../service-worker.js?enableCache=false", url));
  await taken;
}

const Early = Worker;
let [waiting, asked] = [null, false];
const early = () => (waiting = asked ? null : start(Early));
const forsaken = navigator.userAgent.includes("Firefox/") && navigator.serviceWorker?.controller === null;
if (forsaken) lookedAfter().then(early, early); // Where the browser refuses, in a private window, Python starts all the same.
else early();

window.Worker = new Proxy(Worker, {
  construct(Real, [address, options]) {
    if (!/comlink[.]worker/.test(address)) return new Real(address, options);
    const given = waiting ?? start(Real);
    [waiting, asked] = [null, true]; // A restarted kernel gets a worker of its own.
    return given;
  },
});
