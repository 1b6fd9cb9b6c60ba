// Parts of the pages of companies and registrations.

function factList(pairs) {
  const list = element("dl", undefined, "record-facts");
  for (const [title, value] of pairs) {
    if (value === null || value === undefined || value === "") continue;
    const description = element("dd");
    description.append(...(Array.isArray(value) ? value : [value]));
    list.append(element("dt", word(title)), description);
  }
  return list;
}

const outside = (href, text) => {
  const link = element("a", text);
  link.href = href;
  link.rel = "noreferrer";
  return link;
};

// Chinese texts in an English sentence need no quotation marks.
const quoted = (text) => word([`“${text}”`, text]);

// An event in words; the wording of events is the report's.
function eventText({ event, subject, column_name, old_value, new_value }) {
  const title = word((subject && names.event[`${event}:${subject}`]) || names.event[event] || names.event.other);
  const column = event === "amended" ? word(names.columns[column_name]) : "";
  const change = [old_value, new_value].filter(Boolean)
    .map((value) => quoted(word(names[column_name]?.[value]) || value)).join(" → ");
  return [title, column].filter(Boolean).join(word(["：", ": "])) + (change ? word(["：", ": "]) + change : "");
}

const listedText = ({ batch_no, listed_month }) => batch_no === null
  ? word([`列入 ${month(listed_month)}清单`, `Listed in ${month(listed_month)}`])
  : word([`列入第 ${batch_no} 批清单`, `Listed in batch ${batch_no}`]);

// What happened, by month: {month, rows, text}. What is the same for several registrations is one line.
function happenings(rows) {
  const lines = new Map();
  const add = (when, text, row) => {
    const key = JSON.stringify([when, text]);
    if (!lines.has(key)) lines.set(key, { month: when, text, rows: [] });
    lines.get(key).rows.push(row);
  };
  for (const row of rows) {
    add(row.listed_month, listedText(row), row);
    for (const event of row.events) {
      // A cancellation whose event has no month has the month that the register gives.
      add(event.event_month ?? (event.event === "cancelled" ? row.cancelled_month : null), eventText(event), row);
    }
  }
  const all = [...lines.values()];
  const dated = all.filter((line) => line.month).sort((a, b) => (a.month < b.month ? -1 : a.month > b.month ? 1 : 0));
  return [...dated, ...all.filter((line) => !line.month)];
}

function historyOf(rows, withNames) {
  const list = element("ol", undefined, "history");
  for (const { month: when, rows: about, text } of happenings(rows)) {
    const item = element("li"), what = element("span", text, "what");
    item.append(element("span", when ? month(when) : word(["未注明日期", "No date given"]), "when"), what);
    if (withNames) {
      const links = [...new Set(about)].map((row) => recordLink("filing", row.number, row.name));
      what.append(word(["（", " ("]), ...links.flatMap((link, at) => (at ? [word(["、", ", "]), link] : [link])), word(["）", ")"]));
    }
    list.append(item);
  }
  return list;
}

function registrationsTable(rows, register_) {
  const table = element("table"), head = element("tr"), body = element("tbody"), top = element("thead");
  const isService = register_ === "generative_services";
  const columns = [
    [["名称", "Name"], (row) => recordLink("filing", row.number, row.name)],
    [isService ? ["类型", "Type"] : register_ === "recommendation" ? ["类别", "Category"] : ["角色", "Role"], (row) => word(names.kind[row.kind]) || row.kind || ""],
    [["清单", "List"], listTitle],
    [["状态", "Status"], statusOf],
    [["编号", "Number"], (row) => row.number],
  ];
  for (const [title] of columns) {
    const cell = element("th", word(title));
    cell.scope = "col";
    head.append(cell);
  }
  for (const row of rows) {
    const tr = element("tr");
    for (const [, value] of columns) {
      const cell = element("td", undefined, value === columns[0][1] ? "name" : "fixed");
      cell.append(value(row));
      tr.append(cell);
    }
    body.append(tr);
  }
  top.append(head);
  table.append(top, body);
  const box = element("div", undefined, "table whole");
  box.tabIndex = 0;
  box.role = "region";
  box.ariaLabel = word(names.register[register_]);
  box.append(table);
  return box;
}
