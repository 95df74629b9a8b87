// In the apps that open notebooks: nothing that a learner did is lost, and no old original is shown.
import "./versions-memory.js"; // before the app looks for a place to keep things
import { offerFresh } from "./versions-afresh.js";
import { compare } from "./versions-compare.js";
import { eachPanel } from "./versions-panels.js";
import { follow, saveOften } from "./versions-save.js";
import { turnIcon } from "./versions-icon.js";
import { offerStop } from "./versions-stop.js";
import { prepare } from "./versions-store.js";
import { tellOfSleep } from "./versions-widgets.js";

prepare();
eachPanel(async (panel) => {
  saveOften(panel);
  offerStop(panel);
  offerFresh();
  await compare(panel);
  await follow(panel);
  tellOfSleep(panel);
  await turnIcon(panel);
});
