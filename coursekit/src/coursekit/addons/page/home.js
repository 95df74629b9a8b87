// The reader's work on the front page: what is done, which notebooks are changed, and a way to carry it all elsewhere.
import { download, restore } from "./home-carry.js";
import { changed, list } from "./home-notebooks.js";
import { read, show } from "./home-progress.js";
import { told } from "./versions-store.js";
import { recover } from "./versions-unsaved.js";

const SENTENCES = {
  refused: _("This browser refuses to keep anything for this page."),
  forgotten: _("You can do every lesson, and each check answers, but what you write and which exercises are done will be forgotten. A private window does that, and so does a setting that blocks the data of sites."),
};
const find = (id) => document.getElementById(id);

async function refresh() {
  try {
    find("total").textContent = show(await read());
    await recover();
    list(await changed(), say);
  } catch {
    find("total").textContent = SENTENCES.refused;
    find("kept").textContent = SENTENCES.forgotten;
    find("carry").hidden = true;
  }
  find("work").hidden = false;
}

async function say(sentence) {
  await refresh();
  find("said").textContent = sentence;
  find("said").focus(); // The button that was pressed may be gone.
}

async function chosen() {
  const [file] = find("file").files;
  find("file").value = "";
  if (file) await say(await restore(file));
}

if (find("work")) {
  find("download").addEventListener("click", download);
  find("restore").addEventListener("click", () => find("file").click());
  find("file").addEventListener("change", chosen);
  told.addEventListener("message", refresh);
  addEventListener("pageshow", refresh);
  document.addEventListener("visibilitychange", () => document.hidden || refresh());
}
