// What the shell asks for on its way to a notebook, one after the other: asked for at once, and once.
{
  const FRESH = 60_000; // milliseconds that what belongs to the course is kept: it may be another after that
  const root = new URL("../../", document.currentScript.src);
  const ask = window.fetch;
  const kept = new Map();

  const keep = async (path) => {
    const address = new URL(path, root).href;
    kept.set(address, ask(address).catch(() => null));
    return (await kept.get(address))?.clone();
  };
  const keepForNow = (path) => {
    setTimeout(() => kept.delete(new URL(path, root).href), FRESH);
    return keep(path);
  };
  window.fetch = async (asked, init) => {
    const address = new URL(asked?.url ?? asked, document.baseURI).href;
    if (init?.cache) kept.delete(address); // Who asks past the browser's cache wants another one, for all who come after.
    const plain = (init?.method ?? asked?.method ?? "GET") === "GET";
    const answer = plain && (await kept.get(address));
    return answer?.ok ? answer.clone() : ask(asked, init);
  };

  const preload = (path, as) => {
    document.head.append(Object.assign(document.createElement("link"), { rel: "preload", as, href: new URL(path, root) }));
  };
  const extensions = async (answer) => {
    const config = (await answer.json())["jupyter-config-data"];
    for (const { name, load } of config.federated_extensions ?? []) preload(`extensions/$${name}/$${load}`, "script");
  };
  const notebook = async (answer, path) => {
    const { content } = await answer.json();
    if (content.some((entry) => entry.path === path)) keepForNow(`files/$${path}`);
  };

  $paths.forEach(keep);
  keep("jupyter-lite.json").then(extensions).catch(() => {}); // The shell says what is wrong with it.
  const path = new URLSearchParams(location.search).get("path") ?? "";
  keepForNow(`api/contents/$${path.replace(/[^/]*$$/, "")}all.json`)
    .then((answer) => notebook(answer, path))
    .catch(() => {});
  const shade = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  preload(`build/themes/@jupyterlab/theme-$${shade}-extension/index.css`, "style");

  // For each plugin's settings the shell lists all plugins': whoever asks while a list is under way gets that one.
  const shared = (settings) => {
    const list = settings.list.bind(settings);
    const begun = new Map();
    settings.list = (query) => {
      if (!begun.has(query)) begun.set(query, list(query).finally(() => begun.delete(query)));
      return begun.get(query);
    };
  };
  let shell;
  Object.defineProperty(window, "jupyterapp", {
    configurable: true,
    get: () => shell,
    set: (app) => {
      shell = app;
      shared(app.serviceManager.settings);
    },
  });
}
