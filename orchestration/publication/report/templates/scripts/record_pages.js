// Pages of companies (#entity-<id>) and registrations (#filing-<number>) in place of the report.

const report = document.getElementById("content"), record = document.getElementById("record");
const TITLE = document.title.split(" · ");

function companyPage(company) {
  const hasCode = !company.registrant_id.startsWith("name:");
  const byRegister = Map.groupBy
    ? Map.groupBy(company.registrations, (row) => row.register)
    : company.registrations.reduce((map, row) => map.set(row.register, [...(map.get(row.register) ?? []), row]), new Map());
  const present = register.registers.filter((name) => byRegister.has(name));
  const nodes = [
    element("p", word(["备案主体", "Company"]), "kicker"),
    element("h1", company.entity_name),
    factList([
      [["曾用名及其他写法", "Former and other names"], company.names.join(word(["；", "; "]))],
      [["集团", "Group"], company.group && word(company.group)],
      [["所在地", "Place"], placeOf(company)],
      [["主体代码", "Entity code"], hasCode ? company.registrant_id : word([
        "清单未给出代码，以下登记按名称归并", "Its lists give none; the registrations below share the name"])],
      [["备案与登记", "Registrations"], present.map((name) => `${word(names.register[name])} ${byRegister.get(name).length}`).join(" · ")],
    ]),
  ];
  for (const name of present) {
    nodes.push(element("h2", word(names.register[name])), registrationsTable(byRegister.get(name), name));
  }
  nodes.push(element("h2", word(["历史", "History"])), historyOf(company.registrations, true));
  return { title: company.entity_name, isName: true, nodes };
}

function registrationPage(row) {
  const [page, file] = row.source;
  const kindTitle = { deep_synthesis: ["角色", "Role"], recommendation: ["类别", "Category"] }[row.register] ?? ["类型", "Type"];
  const links = [page && outside(page, word(["公告页", "announcement"])), file && outside(file, word(["清单文件", "list file"]))].filter(Boolean);
  const nodes = [
    element("p", word(names.register[row.register]), "kicker"),
    element("h1", row.name),
    factList([
      [["编号", "Number"], row.number],
      [["主体", "Company"], recordLink("entity", row.company.registrant_id, row.company.entity_name)],
      [["清单中的写法", "Company as listed"], row.entity_name],
      [kindTitle, word(names.kind[row.kind]) || row.kind],
      [["状态", "Status"], statusOf(row)],
      [["清单", "List"], listTitle(row)],
      [["通过日期", "Passed on"], row.passed_on],
      [["地区", "Place"], placeOf(row) || word(["无法识别", "Not identified"])],
      [row.register === "generative_services" ? ["行业（仅凭名称推断）", "Sector (inferred from names alone)"] : ["行业（非官方）", "Sector (not official)"], word(names.sector[row.sector])],
      [["终端", "Devices"], row.devices],
      [["产品", "Products"], /^[-—]*$/.test(row.products ?? "") ? "" : row.products],
      [row.purpose_origin === "shipped" ? ["主要用途（经过改写）", "Purpose (reworded)"] : ["主要用途", "Purpose"], row.purpose],
      [["清单备注", "Note in the list"], row.note],
      [["官方来源", "Official source"], links.flatMap((link, at) => (at ? [" · ", link] : [link]))],
    ]),
    element("h2", word(["历史", "History"])),
    historyOf([row], false),
  ];
  return { title: row.name, isName: true, nodes };
}

function unknownPage(kind, id) {
  const text = kind === "filing"
    ? [`本页的清单中没有编号为“${id}”的登记。`, `No registration in these lists has the number “${id}”.`]
    : [`本页的清单中没有代码为“${id}”的公司。`, `No company in these lists has the code “${id}”.`];
  return { title: word(["未找到", "Not found"]), nodes: [element("h1", word(["未找到", "Not found"])), element("p", word(text))] };
}

// Routes.

// Where the reader left the report.
let scrolled = 0, focused = null;
let route = null, isResized = false;
const decoded = (text) => { try { return decodeURIComponent(text); } catch { return text; } };
const setTitle = (title) => { document.title = title ? `${title} · ${word(TITLE)}` : word(TITLE); };

async function pageOf(kind, id) {
  const { byNumber, byCompany } = await loadRegister();
  const item = (kind === "filing" ? byNumber : byCompany).get(id);
  if (!item) return unknownPage(kind, id);
  return kind === "filing" ? registrationPage(item) : companyPage(item);
}

async function showRecord(kind, id) {
  if (record.hidden) [scrolled, focused] = [scrollY, document.activeElement];
  report.hidden = true;
  record.hidden = false;
  const here = (route = `${kind}-${id}`);
  const back = element("p", undefined, "back");
  const link = element("a", word(["← 返回报告", "← Back to the report and search"]));
  link.href = searchAddress();
  back.append(link);
  const page = isReadable ? await pageOf(kind, id) : { title: "", nodes: [element("p", unreadable())] };
  if (route !== here) return;
  record.replaceChildren(back, ...page.nodes);
  const heading = record.querySelector("h1");
  if (heading && page.isName) heading.lang = "zh-Hans";
  setTitle(page.title);
  scrollTo({ top: 0, behavior: "instant" });
  record.focus({ preventScroll: true });
  root.dataset.ready = lang;
}

async function showReport() {
  const wasHidden = report.hidden;
  route = null;
  report.hidden = false;
  record.hidden = true;
  record.replaceChildren();
  setTitle("");
  if (wasHidden && isResized) dispatchEvent(new Event("resize"));
  isResized = false;
  if (wasHidden) {
    scrollTo({ top: scrolled, behavior: "instant" });
    focused?.focus({ preventScroll: true });
  }
  if (undrawn) await drawAll();
}

async function follow(isNew) {
  const hash = decoded(location.hash.slice(1));
  const found = /^(filing|entity)-(.+)$/s.exec(hash);
  if (found) return showRecord(found[1], found[2]);
  const wasRecord = report.hidden;
  const drawing = showReport();
  if (location.hash.startsWith("#search?")) {
    if (location.hash !== searchAddress()) whenLoaded(() => openSearch(location.hash.slice("#search?".length)));
    // Back from a page of the results, the reader is where they left.
    if (isNew || !wasRecord) document.getElementById("search").scrollIntoView();
  } else if (hash) document.getElementById(hash)?.scrollIntoView();
  return drawing;
}

// Hidden charts take the width of their containers, which is none: they are told again when shown.
addEventListener("resize", () => { isResized ||= report.hidden; });
addEventListener("hashchange", () => follow(false));
