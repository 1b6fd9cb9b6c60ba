(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const read = (name) => JSON.parse(document.getElementById(`data-${name}`).textContent);
  const tables = read("rows"), charts = read("charts"), config = read("config"), names = read("names");
  const radicals = read("radicals");

  // localStorage can be unavailable on a page opened from disk.
  const settings = {
    get(key) { try { return localStorage.getItem(`filings-${key}`); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(`filings-${key}`, value); } catch { return; } },
  };

  let lang = "zh";
  const word = (text) => (text ? text[lang === "zh" ? 0 : 1] : "");

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

  let drawing = 0;
  async function drawAll() {
    const turn = ++drawing;
    for (const node of all("[data-chart]")) {
      await draw(node);
      if (turn !== drawing) return;
      await new Promise((resolve) => setTimeout(resolve));
    }
    root.dataset.ready = lang;
    if (location.hash && scrollY === 0) document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }

  // Tables. Text is always set with textContent, never as HTML.

  const element = (tag, text, className) => {
    const node = document.createElement(tag);
    if (text !== undefined) node.textContent = text;
    if (className) node.className = className;
    return node;
  };

  const isNumber = (value) => typeof value === "number";

  function cellText(value, column, isRaw) {
    if (value === null || value === undefined) return "";
    if (isNumber(value)) {
      return Number.isInteger(value) ? String(value) : String(Math.round(value * 10000) / 10000);
    }
    const words = isRaw ? undefined : names[column];
    if (!words) return String(value);
    return String(value).split("+").map((code) => word(words[code]) || code).join(lang === "zh" ? "、" : ", ");
  }

  function fill(node, { columns, rows }, isRaw) {
    const table = element("table"), head = element("tr"), body = element("tbody");
    const numeric = columns.map((_, at) => rows.some((row) => isNumber(row[at])));
    const fixed = new Set(["filing_number", "province_name", "sector", "cancelled_month", "service_type", "as_of_month", "published_on"]);
    const wide = new Set(["algorithm_name", "entity_name", "products"]);
    columns.forEach((column, at) => {
      const heading = element("th", isRaw ? column : word(names.columns[column]) || column, numeric[at] ? "number" : "");
      heading.scope = "col";
      head.append(heading);
    });
    for (const row of rows) {
      const line = element("tr");
      row.forEach((value, at) => {
        const kind = numeric[at] ? "number" : fixed.has(columns[at]) ? "fixed" : wide.has(columns[at]) ? "name" : "";
        line.append(element("td", cellText(value, columns[at], isRaw), kind));
      });
      body.append(line);
    }
    const top = element("thead");
    top.append(head);
    table.append(top, body);
    node.replaceChildren(table);
  }

  function fillTables() {
    for (const node of all("[data-table]")) fill(node, tables[node.dataset.table], false);
  }

  for (const details of all("details.data")) {
    details.addEventListener("toggle", () => {
      const node = details.querySelector("[data-rows]");
      if (details.open && !node.firstChild) fill(node, tables[node.dataset.rows], true);
    });
  }

  // Search.

  const SHOWN = 50;
  const input = document.getElementById("words");
  const filings = tables.all_filings;
  const provinceAt = filings.columns.indexOf("province_name");
  const sectorAt = filings.columns.indexOf("sector");
  // Ignores case, character width, radicals, white space and invisible characters.
  const comparable = (text) => text
    .replace(/[\u2e80-\u2fd5]/g, (sign) => radicals[sign] ?? sign)
    .normalize("NFKC").toLowerCase().replace(/[^\S\n]|\p{Cf}/gu, "");
  const texts = filings.rows.map((row) => comparable(
    row.concat(names.sector[row[sectorAt]] ?? [], names.province_name[row[provinceAt]] ?? []).join("\n")));

  function search() {
    const words = input.value.split(/\s+/).map(comparable).filter(Boolean);
    const results = document.getElementById("results"), found = document.getElementById("found");
    if (!words.length) {
      results.replaceChildren();
      found.textContent = "";
      return;
    }
    const rows = filings.rows.filter((_, at) => words.every((text) => texts[at].includes(text)));
    const count = rows.length.toLocaleString("en");
    found.textContent = word(rows.length > SHOWN
      ? [`${count} 项，显示前 ${SHOWN} 项`, `${count} filings, first ${SHOWN} shown`]
      : [`${count} 项`, rows.length === 1 ? "1 filing" : `${count} filings`]);
    if (rows.length) fill(results, { columns: filings.columns, rows: rows.slice(0, SHOWN) }, false);
    else results.replaceChildren();
  }
  input.addEventListener("input", search);

  // Copying a query.

  for (const button of all(".copy")) {
    button.addEventListener("click", async () => {
      const code = button.parentElement.querySelector("code");
      try {
        await navigator.clipboard.writeText(code.textContent);
        button.textContent = word(["已复制", "Copied"]);
      } catch {
        // No access to the clipboard: select the text for the reader to copy.
        getSelection().selectAllChildren(code);
        button.textContent = word(["已选中", "Selected"]);
      }
    });
  }

  // Language and theme.

  function setLanguage(chosen) {
    lang = chosen;
    root.dataset.lang = lang;
    root.lang = lang === "zh" ? "zh-Hans" : "en";
    document.title = word(["深度合成算法备案全景", "Panorama of China’s deep-synthesis register"]);
    const button = document.getElementById("lang");
    button.textContent = lang === "zh" ? "English" : "中文";
    button.lang = lang === "zh" ? "en" : "zh-Hans";
    for (const node of all("[data-zh]")) {
      if (node.classList.contains("copy")) node.textContent = node.dataset[lang];
      else node.setAttribute("aria-label", node.dataset[lang]);
    }
    fillTables();
    search();
    return drawAll();
  }

  document.getElementById("lang").addEventListener("click", () => {
    const chosen = lang === "zh" ? "en" : "zh";
    settings.set("lang", chosen);
    setLanguage(chosen);
  });

  document.getElementById("theme").addEventListener("click", () => {
    const isDark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = isDark ? "light" : "dark";
    settings.set("theme", root.dataset.theme);
  });

  const theme = settings.get("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  const requested = new URLSearchParams(location.search).get("lang") ?? settings.get("lang");
  const chosen = requested === "zh" || requested === "en" ? requested : /^zh\b/i.test(navigator.language) ? "zh" : "en";
  setLanguage(chosen);
})();
