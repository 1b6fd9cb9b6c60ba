// Charts.

const objects = ({ columns, rows }) =>
  rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]])));

const drawn = new Map();
async function draw(node) {
  const { chart, query } = node.dataset;
  const spec = { ...charts[chart][lang], datasets: { rows: objects(tables[query]) } };
  // Interpret expressions: the Content-Security-Policy forbids compiling them.
  const options = { renderer: "svg", ast: true, actions: false, config };
  const before = drawn.get(node);
  const result = await vegaEmbed(node, spec, options);
  before?.finalize();
  drawn.set(node, result);
  // vegaEmbed sets the role graphics-document; for screen readers, a chart is one named image.
  node.setAttribute("role", "img");
  node.setAttribute("aria-label", node.dataset[lang]);
}

// Charts above what the address names grow when drawn: it stays in place until the reader moves.
let hasMoved = false;
for (const kind of ["wheel", "touchmove", "keydown", "pointerdown"]) {
  addEventListener(kind, () => { hasMoved = true; }, { capture: true, passive: true });
}
function keepInPlace() {
  if (hasMoved || !location.hash) return;
  document.getElementById(location.hash.slice(1).replace(/\?.*/s, ""))?.scrollIntoView({ behavior: "instant" });
}

// Charts have no width while a page of a company hides them: they are drawn when they show.
let drawing = 0, undrawn = true;
async function drawAll() {
  const turn = ++drawing;
  undrawn = document.getElementById("content").hidden;
  if (undrawn) return;
  for (const node of all("[data-chart]")) {
    await draw(node);
    if (turn !== drawing) return;
    if (document.getElementById("content").hidden) { undrawn = true; return; }
    keepInPlace();
    await new Promise((resolve) => setTimeout(resolve));
  }
  root.dataset.ready = lang;
  keepInPlace();
  whenLoaded(search);
}
