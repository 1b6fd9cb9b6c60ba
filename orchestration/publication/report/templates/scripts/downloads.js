// Files that the page makes itself, and addresses for the clipboard.

function save(name, type, parts) {
  const link = element("a");
  link.href = URL.createObjectURL(new Blob(parts, { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

// As `orchestration/publication/cells.py`: text that a spreadsheet would run gets an apostrophe.
const formula = /^(?:\s*[=+\-@＝＋－＠][=+\-@＝＋－＠\s]*[^=+\-@＝＋－＠\s]|[\t\r\n])/;
// As there: what a spreadsheet would read as a number or a date is written as ="…". Days stay dates.
const code = /^[0-9][0-9.,:\/%年月日-]*(?:[eE][+-]?[0-9]+)?$/;
const day = /^\d{4}-\d{2}-\d{2}$/;

function csvCell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = Array.isArray(value) ? value.join("；") : String(value);
  if (code.test(text) && !day.test(text)) return `"=""${text}"""`;
  const safe = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function saveCsv(name, columns, rows) {
  const lines = [columns, ...rows].map((cells) => cells.map(csvCell).join(","));
  // With a byte-order mark, Excel reads the file as UTF-8.
  save(name, "text/csv;charset=utf-8", ["\ufeff", lines.join("\r\n"), "\r\n"]);
}

const addressOf = (hash) => location.href.replace(/#.*$/s, "") + hash;

// A link that also copies its address, and says so in its own place.
function copyOnClick(link) {
  link.addEventListener("click", async () => {
    const before = [...link.childNodes];
    try {
      await navigator.clipboard.writeText(addressOf(link.getAttribute("href")));
    } catch {
      // No access to the clipboard: the address bar has the link.
      return;
    }
    if (link.dataset.copied) return;
    link.dataset.copied = "yes";
    link.textContent = word(["已复制", "Copied"]);
    setTimeout(() => { link.replaceChildren(...before); delete link.dataset.copied; }, 1500);
  });
}

// Charts.

const SVG = "http://www.w3.org/2000/svg";
const MARGIN = 16;

// Colours and fonts of the page as values: a file of its own knows no variables of the page.
const resolved = (text) => {
  const style = getComputedStyle(root);
  const value = (_, name) => style.getPropertyValue(name).trim();
  return text.replace(/var\((--[\w-]+)\)/g, value).replace(/var\((--[\w-]+)\)/g, value);
};

function wrapped(text, font, width) {
  const context = element("canvas").getContext("2d");
  context.font = font;
  const lines = [""];
  for (const piece of text.match(/[\u2e80-\uffef][，。、；：）》”]*|[^\s\u2e80-\uffef]+|\s+/g) ?? []) {
    if (context.measureText(lines.at(-1) + piece.trimEnd()).width > width) lines.push(piece.trimStart());
    else lines[lines.length - 1] += piece;
  }
  return lines;
}

// The chart with its title above and its source below, as a document of its own.
async function chartDocument(figure) {
  const node = figure.querySelector("[data-chart]");
  const drawing = await drawn.get(node).view.toSVG();
  const chart = new DOMParser().parseFromString(resolved(drawing), "image/svg+xml").documentElement;
  const width = Math.max(480, Number(chart.getAttribute("width")));
  const svg = document.createElementNS(SVG, "svg");
  const family = getComputedStyle(figure).fontFamily;
  let y = MARGIN;
  const write = (text, size, weight, color) => {
    const font = `${weight} ${size}px ${family}`;
    for (const line of wrapped(text.trim(), font, width)) {
      y += size * 1.35;
      const label = document.createElementNS(SVG, "text");
      for (const [name, value] of Object.entries({ x: MARGIN, y, fill: resolved(`var(${color})`), "font-family": family, "font-size": size, "font-weight": weight })) label.setAttribute(name, value);
      label.textContent = line;
      svg.append(label);
    }
  };
  write(all(`h3 .${lang}`, figure)[0].textContent, 17, 650, "--ink");
  write(all(`.shows .${lang}`, figure)[0].textContent, 13, 400, "--muted");
  y += 10;
  chart.setAttribute("x", MARGIN);
  chart.setAttribute("y", y);
  // As on the page, where labels may reach beyond the plot.
  chart.setAttribute("overflow", "visible");
  y += Number(chart.getAttribute("height")) + 4;
  svg.append(chart);
  write(all(`.source .${lang}`, figure)[0].textContent, 11.5, 400, "--muted");
  const size = { width: width + 2 * MARGIN, height: Math.ceil(y + MARGIN) };
  const ground = document.createElementNS(SVG, "rect");
  for (const [name, value] of Object.entries({ ...size, fill: resolved("var(--paper)") })) ground.setAttribute(name, value);
  svg.prepend(ground);
  svg.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
  for (const [name, value] of Object.entries(size)) svg.setAttribute(name, value);
  return { text: new XMLSerializer().serializeToString(svg), ...size };
}

async function savePng(figure, name) {
  const { text, width, height } = await chartDocument(figure);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = element("canvas");
  canvas.width = 2 * width;
  canvas.height = 2 * height;
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => save(`${name}.png`, "image/png", [blob]), "image/png");
}

for (const bar of all(".save")) {
  const { figure: name, query } = bar.dataset;
  const figure = document.getElementById(name);
  const actions = {
    png: () => savePng(figure, name),
    svg: async () => save(`${name}.svg`, "image/svg+xml", [(await chartDocument(figure)).text]),
    csv: () => saveCsv(`${name}.csv`, tables[query].columns, tables[query].rows),
  };
  for (const control of all("[data-save]", bar)) {
    const action = actions[control.dataset.save];
    if (action) control.addEventListener("click", action);
    else copyOnClick(control);
  }
}
