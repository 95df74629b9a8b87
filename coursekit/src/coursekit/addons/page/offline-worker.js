// The course without a network: a build is fetched whole, every file checked by its hash, and used only then.
const integrity = "$integrity"; // of offline.json, which names the files of this build
const total = $total; // bytes of them
const here = new URL(".", location).href;
const family = `course at $${new URL(here).pathname} `;
const name = family + integrity;
const LIST = "offline.json";
const ABREAST = 4;
const RESTS = { stopped: 5_000, room: 60_000 }; // milliseconds before another try
const QUIET = 90_000; // milliseconds that a page may take to start, while nothing else is fetched

const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
const key = (path) => here + encodeURI(decodeURIComponent(path));
const has = async (cache) => (await caches.has(cache)) && (await (await caches.open(cache)).match(key(LIST)));
const others = async () => (await caches.keys()).filter((other) => other.startsWith(family) && other !== name);

let known = false; // that all of this build is in the cache
const whole = async () => (known ||= Boolean(await has(name)));

// Where a build is whole already, the next one is fetched before it is used, and not while the page that found it
// still starts; a first one must not keep the page waiting, nor one whose page is there already.
async function install() {
  for (const other of await others()) {
    if (await has(other)) return Promise.race([wanted.promise, bringInTime()]);
  }
  await self.skipWaiting();
}

async function bringInTime() {
  await Promise.race([called.promise, pause(QUIET)]);
  return bring(metered());
}

// A build that is not whole has yet to take from the earlier one what did not change.
async function activate() {
  for (const other of await others()) if ((await whole()) || !(await has(other))) await caches.delete(other);
}

// A browser takes a server that is slow to answer for "3g": that alone says nothing of the line.
function metered() {
  const { saveData, effectiveType, type } = navigator.connection ?? {};
  return Boolean(saveData || type === "cellular" || /2g/.test(effectiveType));
}

const progress = { state: "waiting", done: 0, total };
const called = Promise.withResolvers(); // by a page that waits for nothing else
const wanted = Promise.withResolvers(); // by a page of this build that has no worker
let running = null;
let restsUntil = 0;
const starting = new Map(); // a page, and until when it is waited for

// Raises what stopped it; what came before that stays, and the next try, a little later, goes on from there.
function bring(refused) {
  if (Date.now() < restsUntil) return Promise.reject(new Error(progress.state));
  running ??= (refused ? Promise.reject(new Error("metered")) : bringAll())
    .then(() => (progress.state = "whole"))
    .catch((error) => {
      progress.state = ["metered", "room"].includes(error.message) ? error.message : "stopped";
      restsUntil = Date.now() + (RESTS[progress.state] ?? 0);
      throw error;
    })
    .finally(() => (running = null));
  return running;
}

async function bringAll() {
  if (await whole()) return;
  Object.assign(progress, { state: "fetching", done: 0 });
  try {
    await fill();
  } catch (error) {
    if (!["QuotaExceededError", "room"].includes(error.name)) throw error;
    await caches.delete(name); // It would take the room that the learner's work needs.
    throw new Error("room");
  }
}

async function fill() {
  const text = await (await checked(LIST, integrity)).text();
  const queue = Object.entries(JSON.parse(text));
  const there = new Set((await caches.has(name)) ? (await (await caches.open(name)).keys()).map(({ url }) => url) : []);
  const missing = queue.filter(([path]) => !there.has(key(path)));
  await room(2 * missing.reduce((sum, [, [, size]]) => sum + size, 0));
  const cache = await caches.open(name);
  const earlier = await kept();
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [path, [hash, size]] = next;
      if (!there.has(key(path))) await cache.put(key(path), (await earlier(path, hash)) ?? (await politely(path, hash)));
      progress.done += size;
    }
  };
  await Promise.all(Array.from({ length: ABREAST }, work)).finally(() => (queue.length = 0));
  await cache.put(key(LIST), new Response(text)); // Last: a cache that holds the list holds all.
  known = true;
}

// The learner's work is kept in the same place: leave it as much again as is taken.
async function room(wanted) {
  const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {};
  if (quota - usage < wanted) throw Object.assign(new Error(), { name: "room" });
}

// What an earlier build has under the same hash need not be fetched again.
async function kept() {
  for (const other of await others()) {
    const list = await has(other);
    if (!list) continue;
    const [files, cache] = [await list.json(), await caches.open(other)];
    return async (path, hash) => (files[path]?.[0] === hash ? cache.match(key(path)) : undefined);
  }
  return async () => undefined;
}

async function politely(path, hash) {
  while ([...starting.values()].some((until) => Date.now() < until)) await pause(500);
  return checked(path, hash);
}

// The browser refuses what has another hash; an old copy of its own may be the reason, so the second time it asks anew.
async function checked(path, hash) {
  const get = (cache) => fetch(here + encodeURI(path), { integrity: hash, cache, credentials: "same-origin" });
  const response = await get("default").catch(() => get("reload"));
  if (!response.ok) throw new Error(`$${path}: $${response.status}`);
  // Anew, since a page may not be given an answer that was redirected.
  return new Response(await response.blob(), { headers: { "Content-Type": response.headers.get("Content-Type") ?? "" } });
}

// From the whole build or from the network, never from both: as long as it is not whole, the cache is not asked.
async function answer(request, path) {
  if (!(await whole())) return fetch(request);
  const cache = await caches.open(name);
  const found = await cache.match(key(/(^|[/])$$/.test(path) ? `$${path}index.html` : path));
  if (found) return found;
  const { search } = new URL(request.url); // It may name the notebook.
  if (await cache.match(key(`$${path}/index.html`))) return Response.redirect(`$${here}$${path}/$${search}`);
  return fetch(request).catch(() => lost(cache, request));
}

// Who follows a wrong link gets the site's own page for it, as from a server.
async function lost(cache, { mode }) {
  const page = mode === "navigate" ? await cache.match(key("404.html")) : undefined;
  return new Response(page?.body ?? "", { status: 404, headers: page?.headers });
}

self.addEventListener("install", (event) => {
  event.stopImmediatePropagation();
  event.waitUntil(install());
});

self.addEventListener("activate", (event) => event.waitUntil(activate()));

self.addEventListener("message", (event) => {
  const { kind, insist } = event.data ?? {};
  if (kind === "take over") self.skipWaiting();
  if (kind === "look after me") event.waitUntil(lookAfter().catch(() => {}));
  if (event.ports.length) event.waitUntil(tell(event.ports[0]));
  if (kind !== "go on") return;
  called.resolve();
  starting.delete(event.source.id);
  if (event.ports.length) event.waitUntil(bringAndForget(!insist && metered()).catch(() => {})); // Else it is being installed.
});

async function bringAndForget(refused) {
  if (await whole()) return;
  await bring(refused);
  await activate();
}

// A page that was loaded past this worker, as Shift+reload does, has no drive; but if it is of another build, the cache
// is not for it. If it is of this build, and no other tab has an earlier one, this build is used from now on.
async function lookAfter() {
  const newest = await (await fetch(location.href, { cache: "no-cache" })).text();
  if (!newest.includes(integrity)) return;
  if ((await tabs()) === 1) {
    await self.skipWaiting();
    wanted.resolve();
  }
  await self.clients.claim();
}

// A tab that is not this worker's holds work all the same, and taking over would change its files under it.
async function tabs() {
  const found = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  return found.filter(({ url }) => url.startsWith(here)).length;
}

async function tell(port) {
  if (await whole()) progress.state = "whole";
  port.postMessage({ ...progress, tabs: await tabs() });
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { href, pathname } = new URL(request.url);
  if (request.method !== "GET" || !href.startsWith(here) || /[/]api[/](drive|stdin|service-worker)/.test(pathname)) return;
  event.stopImmediatePropagation();
  if (request.mode === "navigate") starting.set(event.resultingClientId, Date.now() + QUIET);
  event.respondWith(answer(request, pathname.slice(new URL(here).pathname.length)));
});

// JupyterLite's own worker answers what is left: the kernel's questions to the drive.
importScripts("build/service-worker.js");
