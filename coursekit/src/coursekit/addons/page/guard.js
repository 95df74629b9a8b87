// First on every page: what the policy in its head cannot say alone.
const root = new URL("..", document.currentScript.src);

// A worker loaded from an address knows no policy; one made of a blob inherits this page's. So every worker is made of
// a blob that loads the address, and no other worker may be. A service worker runs no code of the learner's.
const narrower = document.createElement("meta");
narrower.httpEquiv = "Content-Security-Policy";
narrower.content = `worker-src blob: ${new URL("service-worker.js", root).href}`;
document.head.append(narrower);
// No browser's policy knows calls between browsers; a page of ours makes none.
for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection"]) delete window[name];

const LOST = {
  python: _("Python was not started, because a part of it could not be loaded: look whether you are online, then reload the page."),
  page: _("A part of this page could not be loaded: look whether you are online, then reload the page."),
};
// An app that lacks one of its scripts may stay blank for ever.
addEventListener("error", ({ target }) => {
  if (target instanceof HTMLScriptElement && target.src.startsWith(root.href)) say(LOST.page);
}, true);

// What is sent to the worker before its code is there is kept, and sent again. (A static import would be a worker's own
// address to the policy, a dynamic one is a script.)
const LOADER = `
const kept = [];
const keep = (event) => kept.push(event);
addEventListener("message", keep);
import(URL_).then(() => {
  removeEventListener("message", keep);
  for (const { data, ports } of kept) dispatchEvent(new MessageEvent("message", { data, ports }));
}).catch((error) => {
  postMessage({ trouble: ${JSON.stringify(LOST.python)} });
  throw error;
});`;

function inherited(address, type) {
  const url = JSON.stringify(new URL(address, document.baseURI).href);
  const text = type === "module" ? LOADER.replace("URL_", () => url) : `importScripts(${url});`;
  // A blob's own address says nothing of the site, whose folder a kernel may want to know.
  const whose = `globalThis.siteRoot = ${JSON.stringify(root.pathname)};`;
  return URL.createObjectURL(new Blob([whose, text], { type: "text/javascript" }));
}

window.Worker = new Proxy(Worker, {
  construct(Real, [asked, options]) {
    const worker = new Real(/^blob:/.test(asked) ? asked : inherited(asked, options?.type), options);
    worker.addEventListener("message", ({ data }) => {
      if (data?.trouble) say(data.trouble);
      if (data?.holds) navigator.locks.request(data.holds, () => tellEnd(worker)).catch(() => {});
    });
    return worker;
  },
});

// What a worker holds is given to who waits for it once the worker is no more, also when it was the browser that ended it:
// no message would tell of that.
const tellEnd = (worker) => void dispatchEvent(new CustomEvent("python-ended", { detail: worker }));

// One sentence, for whoever waits for a Python that will not come.
function say(sentence) {
  if (document.getElementById("trouble")) return;
  const box = Object.assign(document.createElement("div"), { id: "trouble", textContent: sentence });
  box.setAttribute("role", "alert");
  box.style.cssText = "position:fixed;inset:0 0 auto;z-index:2000;padding:1rem;font:1rem/1.5 system-ui,sans-serif;" +
    "color:#fff;background:#8c1d18";
  (document.body ?? document.documentElement).append(box);
}
