// A page of totals only: without a search, and without pages of companies and registrations.

const search = () => {};
const whenLoaded = () => {};

async function follow() {
  const name = location.hash.slice(1);
  // Addresses of searches, companies and registrations lead to the note on where the rows are.
  const isOfRows = /^(search\?|filing-|entity-)/.test(name);
  if (name) document.getElementById(isOfRows ? "search" : name)?.scrollIntoView();
  if (undrawn) await drawAll();
}

addEventListener("hashchange", follow);
