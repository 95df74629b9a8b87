// The tab's icon says whether Python is busy. JupyterLab's own way has the browser ask the server for it with every cell:
// here it is asked for once, and its bytes are its address then.
import { root } from "./versions-store.js";

const BUSY = new URL("static/favicons/favicon-busy-1.ico", root);

async function inline(address) {
  const reader = new FileReader();
  reader.readAsDataURL(await (await fetch(address)).blob());
  await new Promise((resolve) => (reader.onloadend = resolve));
  return reader.result;
}

export async function turnIcon({ sessionContext }) {
  const icon = document.querySelector("link[rel~=icon]");
  const [idle, busy] = await Promise.all([icon.href, BUSY].map(inline));
  const turn = () => (icon.href = sessionContext.kernelDisplayStatus === "busy" ? busy : idle);
  sessionContext.statusChanged.connect(turn);
  turn();
}
