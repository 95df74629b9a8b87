// Let the service worker fetch the whole course once nobody waits for anything else, and say on the home page how far it is.
(() => {
  const root = new URL("..", document.currentScript.src).href;
  const says = "says" in document.currentScript.dataset;
  const workers = navigator.serviceWorker;
  const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
  const megabytes = (bytes) => Math.round(bytes / 1e6);
  // JupyterLite would unregister every worker of this address on the second visit, and without a network get none back.
  if (workers) workers.getRegistrations = async () => [];

  async function settled() {
    if (!document.getElementById("jupyter-lite-main")) return;
    for (let waited = 0; waited < 60; waited += 1) {
      await pause(1);
      if (window.jupyterapp?.shell.currentWidget?.sessionContext?.kernelDisplayStatus === "idle") break;
    }
    await pause(5); // What the first cells import is still on its way.
  }

  function ask(worker, insist) {
    const { port1, port2 } = new MessageChannel();
    worker.postMessage({ kind: "go on", insist }, [port2]);
    return Promise.race([new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data))), pause(10)]);
  }

  const SENTENCES = {
    whole: () => "This course is ready to be used without a network.",
    fetching: ({ done, total }) =>
      `The course is being kept for use without a network: ${megabytes(done)} of ${megabytes(total)} MB.`,
    metered: () => "This connection is slow or counted, so the course is not kept for use without a network.",
    room: () => "This browser has no room to keep the course for use without a network.",
    stopped: () => "The course could not be kept for use without a network yet; it will be tried again.",
    refused: () =>
      "This browser lets the page keep no service worker (as in a private window, or at an address without https): " +
      "the course needs the network, and notebooks cannot read the files that stand beside them.",
    newer: () => "A new version of this course is here; it will be used once all tabs of the course have been closed.",
  };

  let insist = false;
  function say(progress) {
    if (!says) return;
    let line = document.getElementById("offline");
    if (!line) {
      line = Object.assign(document.createElement("p"), { id: "offline" });
      line.setAttribute("role", "status");
      (document.querySelector("main") ?? document.body).append(line);
    }
    const text = SENTENCES[progress.state]?.(progress) ?? "";
    if (line.dataset.text === text) return;
    line.dataset.text = text;
    line.textContent = text;
    if (progress.state !== "metered") return;
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Keep it all the same" });
    button.addEventListener("click", () => (insist = true));
    line.append(" ", button);
  }

  async function follow(registration) {
    for (;;) {
      const progress = registration.active && (await ask(registration.active, insist));
      if (registration.waiting && progress?.tabs === 1 && says) return renew(registration);
      if (progress) say(registration.waiting ? { state: "newer" } : progress);
      await pause({ metered: insist ? 1 : 2, stopped: 30, whole: 5 }[progress?.state] ?? 1);
    }
  }

  // No other tab has the earlier build, and the home page holds nothing that could be lost.
  function renew(registration) {
    workers.addEventListener("controllerchange", () => location.reload(), { once: true });
    registration.waiting.postMessage({ kind: "take over" });
  }

  addEventListener("load", async () => {
    await settled();
    let registration;
    try {
      registration = await workers.register(`${root}service-worker.js?enableCache=false`);
    } catch {} // Said below, with the browsers that have no service workers at all.
    if (registration) await follow(registration);
    else say({ state: "refused" });
  });
})();
