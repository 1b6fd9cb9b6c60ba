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

const quoted = (text) => word([`“${text}”`, `“${text}”`]);

// An event in words; the wording of events is the report's.
function eventText({ event, subject, column_name, old_value, new_value }) {
  const words = (subject && names.event[`${event}:${subject}`]) || names.event[event];
  const title = word(words) || event.replaceAll("_", " ");
  const column = event === "amended" ? word(names.columns[column_name]) : "";
  const change = old_value && new_value ? `${quoted(old_value)} → ${quoted(new_value)}`
    : new_value ? quoted(new_value) : old_value ? quoted(old_value) : "";
  return [title, column].filter(Boolean).join(word(["：", ": "])) + (change ? word(["：", ": "]) + change : "");
}

// One line per fact: its month, what happened, and what it happened to.
function historyOf(rows, withNames) {
  const lines = [];
  rows.forEach((row, at) => {
    lines.push({ month: row.listed_month, at, text: word([`列入${listTitle(row)}清单`, `Listed: ${listTitle(row)}`]), row });
    for (const event of row.events) {
      // A cancellation whose event has no month has the month that the register gives.
      const when = event.event_month ?? (event.event === "cancelled" ? row.cancelled_month : null);
      lines.push({ month: when, at, text: eventText(event), row });
    }
  });
  const dated = lines.filter((found) => found.month).sort((a, b) => (a.month < b.month ? -1 : a.month > b.month ? 1 : a.at - b.at));
  const list = element("ol", undefined, "history");
  const item = ({ month: when, text, row }) => {
    const node = element("li");
    node.append(element("span", when ? month(when) : word(["未注明日期", "No date given"]), "when"), element("span", text, "what"));
    if (withNames) node.lastChild.append(word(["　", " "]), recordLink("filing", row.number, row.name));
    return node;
  };
  list.append(...[...dated, ...lines.filter((found) => !found.month)].map(item));
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
      const cell = element("td");
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
