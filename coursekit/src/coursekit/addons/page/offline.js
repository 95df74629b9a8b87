// Let the service worker fetch the whole course once nobody waits for anything else, and say on the home page how far it is.
(() => {
  const root = new URL("..", document.currentScript.src).href;
  const { says, quiet } = document.currentScript.dataset;
  const workers = navigator.serviceWorker;
  const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
  const megabytes = (bytes) => Math.round(bytes / 1e6);
  // JupyterLite would unregister every worker of this address on the second visit, and without a network get none back.
  if (workers) workers.getRegistrations = async () => [];

  if (workers && !workers.controller) gonePast().catch(() => {}); // Without a network there is nothing newer.

  const SENTENCES = {
    whole: _("This course is ready to be used without a network: this browser keeps all of it, {total} MB."),
    fetching: _("The course is being kept for use without a network: {done} of {total} MB."),
    metered: _("This connection is slow or counted, so the course ({total} MB) is not kept for use without a network."),
    room: _("This browser has no room to keep the course ({total} MB) for use without a network. With one, it works."),
    stopped: _("The course could not be kept for use without a network yet; it will be tried again."),
    refused: _("This browser lets the page keep no service worker (as in a private window, or at an address without https): the course needs the network, and notebooks cannot read the files that stand beside them."),
    newer: _("A new version of this course is here; it will be used once all tabs of the course have been closed. What you wrote stays."),
    past: _("Other tabs have an earlier version of this course. Close them and reload this one: until then it reads no files. What you wrote stays."),
    insist: _("Keep it all the same"),
  };

  async function settled() {
    if (!document.getElementById("jupyter-lite-main")) return;
    for (let waited = 0; !window.jupyterapp && waited < 60; waited += 1) await pause(1);
    persistOnceSaved();
    const kernel = () => window.jupyterapp?.shell.currentWidget?.sessionContext?.kernelDisplayStatus;
    for (let waited = 0; kernel() !== "idle" && waited < 60; waited += 1) await pause(1);
  }

  // Not before there is something to lose: a browser may ask the reader, who should know what for. A check that is run
  // is saved with its notebook.
  function persistOnceSaved() {
    const changed = window.jupyterapp?.serviceManager.contents.fileChanged;
    const asked = (_, { type }) => {
      if (type !== "save") return;
      changed.disconnect(asked);
      navigator.storage?.persist?.();
    };
    changed?.connect(asked);
  }

  // To register once more would wait for a new build that is being installed, which waits to be told to go on.
  async function earlier() {
    const found = await workers.getRegistration(root);
    return found?.scope === root ? found : undefined;
  }

  // Shift+reload goes past the worker that there is, and brings a page that may be of a newer build: then its worker is
  // looked for at once.
  async function gonePast() {
    const found = await earlier();
    if (!found?.active) return;
    const lookAfterMe = () => {
      for (const worker of [found.active, found.waiting, found.installing]) worker?.postMessage({ kind: "look after me" });
    };
    lookAfterMe();
    await found.update();
    lookAfterMe();
  }

  function ask(worker, kind) {
    const { port1, port2 } = new MessageChannel();
    worker.postMessage({ kind, insist }, [port2]);
    return Promise.race([new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data))), pause(10)]);
  }

  let insist = false;
  let told = "";
  function say(progress) {
    const text = (SENTENCES[progress.state] ?? "")
      .replace("{done}", megabytes(progress.done)).replace("{total}", Math.max(1, megabytes(progress.total)));
    if (text === told || !(says !== undefined || ["newer", "past"].includes(progress.state))) return;
    told = text;
    if (window.jupyterapp) return notify(text);
    let line = document.getElementById("offline");
    if (!line) {
      line = Object.assign(document.createElement("p"), { id: "offline" });
      line.setAttribute("role", "status");
      (document.querySelector("main") ?? document.body).append(line);
    }
    line.textContent = text;
    if (progress.state !== "metered") return;
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: SENTENCES.insist });
    button.addEventListener("click", () => (insist = true));
    line.append(" ", button);
  }

  const notify = (message) =>
    window.jupyterapp.commands.execute("apputils:notify", { message, type: "info", options: { autoClose: false } });

  async function follow(registration) {
    const since = Date.now();
    // A browser looks for a new version when the worker rests, and JupyterLite keeps it from resting.
    const look = () => registration.update().catch(() => {}); // Without a network there is none.
    setTimeout(look, 1000 * quiet);
    setInterval(look, 3_600_000);
    for (;;) {
      const { active, installing, waiting } = registration;
      // Whoever has come to click a link, or to run the first cells, has the line to themselves.
      const kind = insist || Date.now() - since >= 1000 * quiet ? "go on" : "tell";
      installing?.postMessage({ kind });
      const progress = active && (await ask(active, kind));
      if (waiting && progress?.tabs === 1 && says !== undefined) return renew(waiting);
      const past = waiting && !workers.controller;
      if (past && progress?.tabs === 1) waiting.postMessage({ kind: "look after me" });
      if (progress) say(past ? { state: "past" } : waiting ? { state: "newer" } : progress);
      // A worker that is asked all the time can never rest.
      if (progress?.state === "whole" && !registration.installing && !registration.waiting) await another(registration);
      else await pause({ room: 30, stopped: 5, metered: 2 }[progress?.state] ?? 1);
    }
  }

  const another = (registration) =>
    new Promise((resolve) => registration.addEventListener("updatefound", resolve, { once: true }));

  // No other tab has the earlier build, and the home page holds nothing that could be lost.
  function renew(waiting) {
    workers.addEventListener("controllerchange", () => location.reload(), { once: true });
    waiting.postMessage({ kind: "take over" });
  }

  addEventListener("load", async () => {
    await settled();
    let registration;
    try {
      registration = (await earlier()) ?? (await workers.register(`${root}service-worker.js?enableCache=false`));
    } catch {} // Said below, with the browsers that have no service workers at all.
    if (registration) await follow(registration);
    else say({ state: "refused" });
  });
})();
