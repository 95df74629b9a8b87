// In the apps that open notebooks: nothing that a learner did is lost, and no old original is shown.
import { compare } from "./versions-compare.js";
import { eachPanel } from "./versions-panels.js";

eachPanel(compare);
