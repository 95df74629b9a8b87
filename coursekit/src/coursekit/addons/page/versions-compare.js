// An old original makes room for the new one, and a learner's edits stay.
import { copyOf, root, settle, shippedVersions, standing } from "./versions-store.js";
import { recover } from "./versions-unsaved.js";
import { link, notice, take } from "./versions-notice.js";

const SENTENCES = {
  newer: _("There is a newer version of this notebook. Yours has not been changed: choose on the course's home page."),
  choose: _("Choose"),
  original: _("This is the course's original: run it and change it as you like, but nothing is saved here. File → Save Notebook As… makes a copy of your own."),
};

const asked = new URL(location.href).searchParams.get("path");
const versions = shippedVersions().catch(() => ({})); // Without the list, every copy stays as it is.
// Now, before the app reads it: that takes seconds yet.
const settled = recover()
  .then(() => versions)
  .then((all) => (asked ? settle(asked, all[asked]) : null))
  .catch(() => null);

async function renew(context, shipped) {
  const path = context.localPath;
  await fetch(new URL(`files/${path}`, root), { cache: "reload" }); // The browser may have kept the old file, too.
  if (standing(context.model.toJSON(), shipped) !== "stale") return; // Edited in the meantime.
  await settle(path, shipped);
  await context.revert();
}

export async function compare({ context }) {
  await settled;
  await settle(context.localPath, (await versions)[context.localPath]);
  const shipped = (await versions)[context.localPath];
  if (standing(context.model.toJSON(), shipped) === "stale") await renew(context, shipped);
  if (!context.contentsModel.writable && (await copyOf(context.localPath))) await context.revert(); // a copy is writable
  take("original");
  if (!context.contentsModel.writable) notice("original", SENTENCES.original);
  take("newer");
  if (standing(context.model.toJSON(), shipped) !== "choose") return;
  notice("newer", SENTENCES.newer, link(SENTENCES.choose, new URL("index.html#work", root)));
}
