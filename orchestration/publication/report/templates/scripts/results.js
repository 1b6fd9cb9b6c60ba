// What the search found, as links.

const plural = (count, one, several) => `${count.toLocaleString("en")} ${count === 1 ? one : several}`;
const recordLink = (kind, id, content) => {
  const link = element("a");
  link.href = `#${kind}-${encodeURIComponent(id)}`;
  link.append(content);
  return link;
};

const statusOf = (row) => row.status === "cancelled" && row.cancelled_month
  ? `${word(names.status.cancelled)}${word(["（", " ("])}${month(row.cancelled_month)}${word(["）", ")"])}`
  : word(names.status[row.status]) || row.status;
const placeName = (name) => word([name, register.places[name] ?? name]);
// Districts have no English names.
const placeOf = ({ province_name, city_name, district_name }) =>
  [...new Set(word([[province_name, city_name, district_name], [city_name, province_name]]))]
    .filter(Boolean).map(placeName).join(word(["", ", "]));

// Why a registration is found, where its name and company do not say so.
function evidence(row, words) {
  const inside = (text) => words.some((sought) => has(sought, comparable(text)) || sought.pinyin?.test(text));
  const visible = inside(row.name) || inside(row.company.entity_name);
  const old = [...oldNames(row).filter(Boolean), row.entity_name ?? ""].find(inside);
  const product = (row.products ?? "").split("、").filter(inside);
  const other = row.company.names.find(inside);
  if (product.length) return [["产品：", "Product: "], product.slice(0, 3).join("、")];
  if (visible) return null;
  if (old) return [["变更记录：", "Recorded change: "], old];
  if (other) return [["公司曾用名或其他写法：", "Former or other name: "], other];
  const group = (row.company.group ?? []).find(inside);
  return group ? [["集团：", "Group: "], group] : null;
}

function registrationItem(row, words) {
  const item = element("li");
  const facts = [word(names.register[row.register]), listTitle(row), placeOf(row), word(names.sector[row.sector])];
  const more = element("p", undefined, "facts");
  more.append(recordLink("entity", row.company.registrant_id, marked(row.entity_name ?? row.company.entity_name, words)), ` · ${facts.filter(Boolean).join(" · ")}`);
  item.append(recordLink("filing", row.number, marked(row.name, words)));
  if (row.status !== "listed") item.append(" ", element("span", statusOf(row), "ended"));
  item.append(more);
  const why = evidence(row, words);
  if (why) {
    const reason = element("p", word(why[0]), "facts");
    reason.append(marked(why[1], words));
    item.append(reason);
  }
  return item;
}

function companyItem(company, words) {
  const item = element("li"), more = element("p", undefined, "facts");
  const other = company.names.find((name) => words.some((sought) => has(sought, comparable(name))));
  const parts = [company.group && word(company.group), placeOf(company), word([`${company.registrations.length} 项`, plural(company.registrations.length, "registration", "registrations")])];
  more.append(parts.filter(Boolean).join(" · "));
  if (other) more.append(` · ${word(["曾用名或其他写法：", "former or other name: "])}`, marked(other, words));
  item.append(recordLink("entity", company.registrant_id, marked(company.entity_name, words)), more);
  return item;
}

function block(title, items, left, showMore) {
  const list = element("ul");
  list.append(...items);
  const nodes = [element("h3", title), list];
  if (left > 0) {
    const button = element("button", word([`显示更多（还有 ${left.toLocaleString("en")}）`, `Show more (${left.toLocaleString("en")} left)`]), "more");
    button.type = "button";
    button.addEventListener("click", () => {
      const before = list.children.length, at = [...results.querySelectorAll("ul")].indexOf(list);
      showMore();
      search();
      results.querySelectorAll("ul")[at]?.children[before]?.querySelector("a").focus();
    });
    nodes.push(button);
  }
  return nodes;
}
