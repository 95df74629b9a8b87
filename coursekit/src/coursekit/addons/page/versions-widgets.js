// Widgets that were saved with a notebook have no Python behind them until their cells run again.
import { button, notice, take } from "./versions-notice.js";

const SENTENCES = {
  asleep: _("The sliders and buttons in this notebook do nothing until their cells are run again."),
  run: _("Run all cells"),
};
const VIEW = "application/vnd.jupyter.widget-view+json";

export function tellOfSleep({ context, content }) {
  const { cells } = context.model.toJSON();
  if (!cells.some((cell) => cell.outputs?.some(({ data }) => data?.[VIEW]))) return;
  const wake = () => {
    take("asleep");
    window.jupyterapp.commands.execute("notebook:run-all-cells");
  };
  notice("asleep", SENTENCES.asleep, button(SENTENCES.run, wake));
  const ran = () => {
    take("asleep");
    content.modelContentChanged.disconnect(look);
  };
  const look = () => content.widgets.some(({ model }) => model.executionCount && fresh(model)) && ran();
  const before = new Map(content.widgets.map(({ model }) => [model.id, model.executionCount]));
  const fresh = (model) => model.executionCount !== before.get(model.id);
  content.modelContentChanged.connect(look);
}
