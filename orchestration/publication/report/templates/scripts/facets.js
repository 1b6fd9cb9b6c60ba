// Filters of the search. Each counts what the words and the other filters leave.

const selects = new Map(all("[data-facet]").map((select) => [select.dataset.facet, select]));
const FACETS = {
  register: (row) => row.register,
  list: (row) => row.list,
  province: (row) => row.province_name,
  sector: (row) => row.sector,
  status: (row) => row.status,
};
const chosenFacets = () => [...selects].filter(([, select]) => select.value).map(([name, select]) => [name, select.value]);

const passes = (row, facets, except) => facets.every(([name, value]) => name === except || FACETS[name](row) === value);

const month = (text) => lang === "zh" ? text.replace(/^(\d+)-0?(\d+)$/, "$1 年 $2 月") : text.replace("-", "\u2011");
function listTitle({ batch_no, listed_month }) {
  if (batch_no === null) return month(listed_month);
  return word([`第 ${batch_no} 批（${month(listed_month)}）`, `Batch ${batch_no} (${month(listed_month)})`]);
}

const facetTitle = (name, value, row) => {
  if (name === "list") return listTitle(row);
  if (name === "province") return word([value, register.places[value] ?? value]);
  return word(names[name][value]) || value;
};

const byCount = (a, b) => b.count - a.count || (a.value < b.value ? -1 : 1);
const byRegister = (a, b) => register.registers.indexOf(a.value) - register.registers.indexOf(b.value);
const order = { register: byRegister, status: byCount, province: byCount, sector: byCount };

function fillFacets(rows) {
  const facets = chosenFacets();
  for (const [name, select] of selects) {
    const counts = new Map();
    for (const row of rows) {
      const value = FACETS[name](row);
      if (value === null || value === undefined || !passes(row, facets, name)) continue;
      const found = counts.get(value);
      if (found) found.count += 1;
      else counts.set(value, { value, row, count: 1 });
    }
    fillSelect(name, select, [...counts.values()]);
  }
}

function fillSelect(name, select, values) {
  const chosen = select.value;
  const option = (value, title, count) => {
    const node = element("option", count === undefined ? title : `${title} · ${count.toLocaleString("en")}`);
    node.value = value;
    return node;
  };
  const options = [option("", word(["全部", "All"]))];
  if (name === "list") {
    // Newest lists first, under the name of their register.
    for (const title of register.registers) {
      const lists = values.filter(({ row }) => row.register === title)
        .sort((a, b) => (a.row.listed_month < b.row.listed_month ? 1 : -1));
      if (!lists.length) continue;
      const group = element("optgroup");
      group.label = word(names.register[title]) || title;
      group.append(...lists.map(({ value, row, count }) => option(value, listTitle(row), count)));
      options.push(group);
    }
  } else {
    options.push(...values.sort(order[name]).map(({ value, row, count }) => option(value, facetTitle(name, value, row), count)));
  }
  // A choice that no longer leaves anything stays, so that it can be undone.
  if (chosen && !values.some(({ value }) => value === chosen)) {
    const row = register.registrations.find((other) => FACETS[name](other) === chosen);
    options.push(option(chosen, row ? facetTitle(name, chosen, row) : chosen, 0));
  }
  select.replaceChildren(...options);
  select.value = chosen;
}
