// The register inside the page, unpacked after the first paint or when it is first needed.

async function unpack(name) {
  const packed = atob(document.getElementById(`packed-${name}`).textContent);
  const bytes = Uint8Array.from(packed, (sign) => sign.charCodeAt(0));
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(unpacked).json();
}

const rowsOf = (columns) => {
  const keys = Object.keys(columns);
  return (columns[keys[0]] ?? []).map((_, at) => Object.fromEntries(keys.map((key) => [key, columns[key][at]])));
};

// Ignores case, character width, radicals, white space and invisible characters.
const comparable = (text) => text
  .replace(/[\u2e80-\u2fd5]/g, (sign) => radicals[sign] ?? sign)
  .normalize("NFKC").toLowerCase().replace(/[^\S\n]|\p{Cf}/gu, "");
const comparableList = (texts) => comparable(texts.filter(Boolean).join("\n"));

// Names start with a place as often as not: 北京抖音 is also found as 抖音, as if it began with it.
function withoutPlace(name, places) {
  const place = places.find((short) => name.startsWith(short));
  return place ? name.slice(place.length).replace(/^[省市]/, "") : name;
}

// A list is a batch where batches have numbers, and a month elsewhere.
const listOf = ({ register, batch_no, listed_month }) => `${register}:${batch_no ?? listed_month}`;

async function load() {
  const data = await unpack("register");
  const registrations = rowsOf(data.registrations), companies = rowsOf(data.companies);
  const places = Object.keys(data.places).map((name) => name.replace(/[省市]$|(?:壮族|回族|维吾尔)?自治区$/, ""));
  for (const company of companies) {
    company.registrations = [];
    company.keys = {
      name: comparable(company.entity_name),
      others: comparableList([...company.names, ...(company.group ?? [])]),
      place: comparableList([company.province_name, company.city_name, data.places[company.province_name], data.places[company.city_name]]),
    };
    company.keys.core = withoutPlace(company.keys.name, places);
  }
  for (const row of registrations) {
    row.company = companies[row.company];
    row.company.registrations.push(row);
    row.source = data.sources[row.source];
    row.list = listOf(row);
    row.events = [];
  }
  for (const event of rowsOf(data.events)) registrations[event.registration].events.push(event);
  for (let at = 0; at < registrations.length; at++) {
    registrations[at].keys = keysOf(registrations[at], data.places);
    // The page stays responsive meanwhile.
    if (at % 1000 === 999) await new Promise((resolve) => setTimeout(resolve));
  }
  return {
    registrations, companies, registers: data.registers, places: data.places, readings: data.readings,
    latin: new Map(Object.entries(data.latin).map(([latin, chinese]) => [comparable(latin), chinese])),
    byNumber: new Map(registrations.map((row) => [row.number, row])),
    byCompany: new Map(companies.map((company) => [company.registrant_id, company])),
  };
}

// What an event says of names: of its subject, not of the columns of a list row.
const oldNames = (row) => row.events
  .filter(({ event }) => /_renamed$|^products_/.test(event))
  .flatMap(({ old_value, new_value }) => [old_value, new_value]);

function keysOf(row, english) {
  const words = [names.register[row.register], names.kind[row.kind], names.sector[row.sector], names.status[row.status]];
  return {
    number: comparable(row.number),
    name: comparable(row.name),
    products: comparable((row.products ?? "").replaceAll("、", "\n")),
    old: comparableList([...oldNames(row), row.entity_name]),
    context: comparableList([
      ...words.flat(), row.province_name, english[row.province_name], row.city_name, english[row.city_name],
      row.district_name, row.devices, row.listed_month, row.kind]),
  };
}

const isReadable = typeof DecompressionStream === "function";
let loading, register;
const loadRegister = () => (loading ??= load().then((loaded) => (register = loaded)));
const unreadable = () => word([
  "此浏览器过旧，无法解压本页内的清单数据。请换用 Chrome 80、Firefox 113、Safari 16.4 或更新的版本，或打开 filings.xlsx。",
  "This browser cannot unpack the register inside the page. Use Chrome 80, Firefox 113, Safari 16.4 or later, or open filings.xlsx."]);
