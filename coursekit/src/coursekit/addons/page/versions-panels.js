// Each notebook that the app shows, once, when its content is there.
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function application() {
  while (!window.jupyterapp) await pause(100);
  await window.jupyterapp.restored;
  return window.jupyterapp;
}

export async function eachPanel(meet) {
  const { shell } = await application();
  const seen = new WeakSet();
  const look = async () => {
    const panel = shell.currentWidget;
    if (!panel?.context || !panel.content?.model || seen.has(panel)) return;
    seen.add(panel);
    await panel.context.ready;
    if (panel.content.model?.cells) await meet(panel);
  };
  shell.currentChanged.connect(() => look().catch(console.warn));
  await look();
}
