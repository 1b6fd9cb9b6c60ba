// Which registrations and companies match the words of a search, and in which order.

// The best first: a number, a company, a product, a name, what was once a name, anything else.
const RANK = { number: 100, company: 60, product: 50, products: 40, name: 30, old: 25, entity: 20, digits: 15, context: 10 };
const PINYIN = 0.4;
const MOST_PATTERNS = 24;

// Two syllables or more as a pattern for characters; the last may be unfinished after two whole ones.
function pinyinPattern(word) {
  if (!/^[a-z]{4,}$/.test(word)) return null;
  const { readings } = register, patterns = [];
  const walk = (rest, classes) => {
    if (patterns.length >= MOST_PATTERNS) return;
    if (!rest) {
      if (classes.length > 1) patterns.push(classes.join(""));
      return;
    }
    for (let length = Math.min(6, rest.length); length > 0; length--) {
      const characters = readings[rest.slice(0, length)];
      if (characters) walk(rest.slice(length), [...classes, `[${characters}]`]);
    }
    if (classes.length > 1 && rest.length < 6) {
      const begun = Object.keys(readings).filter((syllable) => syllable.startsWith(rest) && syllable !== rest);
      if (begun.length) patterns.push(`${classes.join("")}[${begun.map((syllable) => readings[syllable]).join("")}]`);
    }
  };
  walk(word, []);
  return patterns.length ? new RegExp(patterns.join("|")) : null;
}

// The Chinese name for a Latin one, of which four letters are enough.
const chineseFor = (plain) => register.latin.get(plain)
  ?? (plain.length < 4 ? undefined : [...register.latin].find(([latin]) => latin.startsWith(plain))?.[1]);

const wordsOf = (text) => text.split(/\s+/).map(comparable).filter(Boolean)
  .map((plain) => ({ plain, also: chineseFor(plain), pinyin: pinyinPattern(plain) }));

const has = ({ plain, also }, key) => key.includes(plain) || (also !== undefined && key.includes(also));
const starts = ({ plain, also }, key) => key.startsWith(plain) || (also !== undefined && key.startsWith(also));
const line = (word, key) => key.split("\n").some((item) => item === word.plain || item.replace(/\([^()]*\)$/, "") === word.plain);

function companyNameRank(word, { name, core, others }) {
  if (starts(word, name) || starts(word, core)) return RANK.company;
  if (has(word, name)) return RANK.entity;
  if (has(word, others)) return RANK.entity - 1;
  if (word.pinyin?.test(core) || word.pinyin?.test(others)) return PINYIN * RANK.company;
  return 0;
}

function registrationRank(word, row) {
  const { number, name, products, old, context } = row.keys;
  if (number === word.plain) return RANK.number;
  let rank = companyNameRank(word, row.company.keys);
  const least = (value) => { rank = Math.max(rank, value); };
  if (has(word, products)) least(line(word, products) ? RANK.product : RANK.products);
  if (has(word, name)) least(starts(word, name) ? RANK.name + 2 : RANK.name);
  if (has(word, old)) least(RANK.old);
  if (rank) return rank;
  if (number.includes(word.plain)) return RANK.digits;
  if (has(word, context)) return RANK.context;
  return word.pinyin && (word.pinyin.test(products) || word.pinyin.test(name) || word.pinyin.test(old)) ? PINYIN * RANK.name : 0;
}

function companyRank(word, { registrant_id, keys }) {
  if (registrant_id === word.plain) return RANK.number;
  return companyNameRank(word, keys) || (has(word, keys.place) ? 1 : 0);
}

// {item, rank} for all items that match every word, the best first; ties keep their order.
function ranked(items, words, rankOf) {
  const found = [];
  for (const item of items) {
    let rank = 0;
    for (const word of words) {
      const here = rankOf(word, item);
      if (!here) { rank = 0; break; }
      rank += here;
    }
    if (rank || !words.length) found.push({ item, rank });
  }
  return words.length ? found.sort((a, b) => b.rank - a.rank) : found;
}

const matchingRegistrations = (words) => ranked(register.registrations, words, registrationRank).map(({ item }) => item);
// A place alone names no company.
const matchingCompanies = (words) => words.length
  ? ranked(register.companies, words, companyRank)
    .filter(({ rank }) => rank > words.length)
    .sort((a, b) => b.rank - a.rank || b.item.registrations.length - a.item.registrations.length)
    .map(({ item }) => item)
  : [];

// The text with the words of the search marked.
function marked(text, words) {
  const node = element("span"), lower = text.toLowerCase();
  let at = -1, length = 0;
  for (const word of words) {
    for (const sought of [word.plain, word.also]) {
      const here = sought ? lower.indexOf(sought) : -1;
      if (here >= 0 && (at < 0 || here < at)) [at, length] = [here, sought.length];
    }
    const read = at < 0 && word.pinyin ? word.pinyin.exec(text) : null;
    if (read) [at, length] = [read.index, read[0].length];
  }
  if (at < 0 || lower.length !== text.length) node.textContent = text;
  else node.append(text.slice(0, at), element("mark", text.slice(at, at + length)), text.slice(at + length));
  return node;
}
