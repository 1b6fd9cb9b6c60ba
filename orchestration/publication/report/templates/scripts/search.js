// The search, and the address of a search.

const STEP = 20, COMPANIES = 6;
const input = document.getElementById("words");
const results = document.getElementById("results"), found = document.getElementById("found");
const actions = document.querySelector("#search .actions");
let shown = STEP, shownCompanies = COMPANIES, matches = [];

function search() {
  if (!register) return;
  const words = wordsOf(input.value), facets = chosenFacets();
  const candidates = matchingRegistrations(words);
  matches = candidates.filter((row) => passes(row, facets));
  fillFacets(candidates);
  const isEmpty = !words.length && !facets.length;
  actions.hidden = isEmpty;
  document.getElementById("save-results").disabled = !matches.length;
  if (isEmpty) {
    results.replaceChildren();
    found.textContent = "";
    return;
  }
  const companies = matchingCompanies(words).filter((company) => company.registrations.some((row) => passes(row, facets)));
  const also = words.filter((sought) => sought.also).map((sought) => sought.also);
  found.textContent = word([
    `${companies.length ? `${companies.length.toLocaleString("en")} 家公司，` : ""}${matches.length.toLocaleString("en")} 项备案或登记${also.length ? `（同时查找“${also.join("”“")}”）` : ""}`,
    `${companies.length ? `${plural(companies.length, "company", "companies")}, ` : ""}${plural(matches.length, "registration", "registrations")}${also.length ? ` (also searched for ${also.join(", ")})` : ""}`]);
  const nodes = [];
  if (companies.length) {
    nodes.push(...block(word(["公司", "Companies"]), companies.slice(0, shownCompanies).map((company) => companyItem(company, words)),
      companies.length - shownCompanies, () => { shownCompanies += 3 * STEP; }));
  }
  if (matches.length) {
    nodes.push(...block(word(["备案与登记", "Registrations"]), matches.slice(0, shown).map((row) => registrationItem(row, words)),
      matches.length - shown, () => { shown += 3 * STEP; }));
  } else if (!companies.length) {
    nodes.push(element("p", word(["没有找到。可以减少词语或筛选条件。", "Nothing found. Try fewer words or filters."])));
  }
  results.replaceChildren(...nodes);
}

// The address of a search: #search?q=…&register=…

function searchAddress() {
  const parameters = new URLSearchParams(chosenFacets());
  if (input.value.trim()) parameters.set("q", input.value.trim());
  const text = parameters.toString();
  return text ? `#search?${text}` : "#search";
}

function changed() {
  shown = STEP;
  shownCompanies = COMPANIES;
  const address = searchAddress();
  document.getElementById("link-results").href = address;
  if (location.hash !== address && (address !== "#search" || location.hash.startsWith("#search?"))) {
    history.replaceState(history.state, "", address);
  }
  search();
}

function openSearch(text) {
  const parameters = new URLSearchParams(text);
  input.value = parameters.get("q") ?? "";
  for (const [name, select] of selects) {
    const value = parameters.get(name) ?? "";
    if (value && ![...select.options].some((option) => option.value === value)) {
      const option = element("option", value);
      option.value = value;
      select.append(option);
    }
    select.value = value;
  }
  changed();
}

// A search before the register is unpacked waits for it.
const whenLoaded = async (action) => {
  if (isReadable) action(await loadRegister());
  else found.textContent = unreadable();
};
input.addEventListener("input", () => whenLoaded(changed));
for (const select of selects.values()) select.addEventListener("change", () => whenLoaded(changed));
document.getElementById("clear").addEventListener("click", () => { openSearch(""); input.focus(); });
copyOnClick(document.getElementById("link-results"));

document.getElementById("save-results").addEventListener("click", () => {
  const columns = [
    [["编号", "Number"], (row) => row.number],
    [["清单", "Register"], (row) => word(names.register[row.register])],
    [["名称", "Name"], (row) => row.name],
    [["主体", "Entity"], (row) => row.entity_name ?? row.company.entity_name],
    [["主体代码", "Entity code"], ({ company }) => (company.registrant_id.startsWith("name:") ? "" : company.registrant_id)],
    [["主体曾用名及其他写法", "Former and other names of the entity"], (row) => row.company.names],
    [["角色或类型", "Role or type"], (row) => word(names.kind[row.kind]) || row.kind],
    [["省级行政区", "Province"], (row) => placeName(row.province_name)],
    [["城市", "City"], (row) => placeName(row.city_name)],
    [["行业（非官方）", "Sector (not official)"], (row) => word(names.sector[row.sector])],
    [["产品", "Products"], (row) => row.products],
    [["批次", "Batch"], (row) => row.batch_no],
    [["清单月份", "Month of the list"], (row) => row.listed_month],
    [["状态", "Status"], (row) => word(names.status[row.status]) || row.status],
    [["注销月份", "Cancelled in"], (row) => row.cancelled_month],
    [["历史名称", "Recorded changes of names"], (row) => [...new Set(oldNames(row).filter(Boolean))]],
    [["官方清单", "Official list"], (row) => row.source[0] ?? row.source[1]],
  ];
  saveCsv("registrations.csv", columns.map(([title]) => word(title)), matches.map((row) => columns.map(([, value]) => value(row))));
});

// The keyboard: / goes to the search, arrows go through its results.

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const active = document.activeElement;
  const isTyping = active.matches("input, select, textarea");
  if (event.key === "/" && !isTyping) {
    event.preventDefault();
    if (!document.getElementById("record").hidden) {
      location.hash = searchAddress();
      showReport();
    }
    input.focus();
    input.select();
    return;
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const links = all("#results li > a");
  const at = links.indexOf(active);
  if (!links.length || (at < 0 && active !== input)) return;
  event.preventDefault();
  (links[at + (event.key === "ArrowDown" ? 1 : -1)] ?? (event.key === "ArrowUp" ? input : active)).focus();
});
