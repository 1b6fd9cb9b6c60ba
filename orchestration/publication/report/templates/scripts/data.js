// The data of the page, and small helpers that all scripts use.

const root = document.documentElement;
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const read = (name) => JSON.parse(document.getElementById(`data-${name}`).textContent);
const tables = read("rows"), charts = read("charts"), config = read("config"), names = read("names");
const radicals = read("radicals");

// localStorage can be unavailable on a page opened from disk.
const settings = {
  get(key) { try { return localStorage.getItem(`filings-${key}`); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(`filings-${key}`, value); } catch { return; } },
};

let lang = "zh";
const word = (text) => (text ? text[lang === "zh" ? 0 : 1] : "");
