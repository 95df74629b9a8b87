// Start Python while the page is still starting: the kernel's worker is made now, and handed over when it is asked for.
const url = new URL("early-worker.js", document.currentScript.src).href;
const start = (Real) => new Real(url, { type: "module" });

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

// For each plugin's settings the shell asks for all plugins' anew, one request after the other: once is enough, and now.
{
  const ask = window.fetch;
  const once = ["build/schemas/all.json", "build/schemas/all_federated.json", "api/translations/all.json"];
  const addresses = once.map((path) => new URL(`../../${path}`, url).href);
  const kept = new Map(addresses.map((address) => [address, ask(address).catch(() => null)]));
  window.fetch = async (asked, init) => {
    const address = new URL(asked?.url ?? asked, document.baseURI).href;
    const plain = !init?.cache && (init?.method ?? asked?.method ?? "GET") === "GET";
    const answer = plain && (await kept.get(address));
    return answer?.ok ? answer.clone() : ask(asked, init);
  };
}
