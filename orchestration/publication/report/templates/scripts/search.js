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
