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
    const digits = Number.isInteger(value) ? String(value) : String(Math.round(value * 10000) / 10000);
    return isRaw ? digits : digits.replace("-", "−");
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
