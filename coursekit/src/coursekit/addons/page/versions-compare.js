// An old original makes room for the new one, and a learner's edits stay.
import { root, settle, shippedVersions, standing } from "./versions-store.js";
import { link, notice, take } from "./versions-notice.js";

const SENTENCES = {
  newer: "There is a newer version of this notebook. Yours has not been changed: choose on the course's home page.",
  choose: "Choose",
};

const asked = new URL(location.href).searchParams.get("path");
const versions = shippedVersions().catch(() => ({})); // Without the list, every copy stays as it is.
// Now, before the app reads it: that takes seconds yet.
const settled = versions.then((all) => (asked ? settle(asked, all[asked]) : null)).catch(() => null);

async function renew(context, shipped) {
  const path = context.localPath;
  await fetch(new URL(`files/${path}`, root), { cache: "reload" }); // The browser may have kept the old file, too.
  if (standing(context.model.toJSON(), shipped) !== "stale") return; // Edited in the meantime.
  await settle(path, shipped);
  await context.revert();
}

export async function compare({ context }) {
  await settled;
  const shipped = (await versions)[context.localPath];
  if (standing(context.model.toJSON(), shipped) === "stale") await renew(context, shipped);
  take("newer");
  if (standing(context.model.toJSON(), shipped) !== "choose") return;
  notice("newer", SENTENCES.newer, link(SENTENCES.choose, new URL("index.html#work", root)));
}
