// Copying a query.

for (const button of all(".copy")) {
  button.addEventListener("click", async () => {
    const code = button.parentElement.querySelector("code");
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = word(["已复制", "Copied"]);
    } catch {
      // No access to the clipboard: select the text for the reader to copy.
      getSelection().selectAllChildren(code);
      button.textContent = word(["已选中", "Selected"]);
    }
  });
}

// Language and theme.

function setLanguage(chosen) {
  lang = chosen;
  root.dataset.lang = lang;
  root.lang = lang === "zh" ? "zh-Hans" : "en";
  document.title = document.querySelector("title").dataset[lang];
  const button = document.getElementById("lang");
  button.textContent = lang === "zh" ? "English" : "中文";
  button.lang = lang === "zh" ? "en" : "zh-Hans";
  for (const node of all("[data-zh]")) {
    if (node.classList.contains("copy")) node.textContent = node.dataset[lang];
    else node.setAttribute("aria-label", node.dataset[lang]);
  }
  fillTables();
  search();
  undrawn = true;
  return follow(true);
}

document.getElementById("lang").addEventListener("click", () => {
  const chosen = lang === "zh" ? "en" : "zh";
  settings.set("lang", chosen);
  setLanguage(chosen);
});

document.getElementById("theme").addEventListener("click", () => {
  const isDark = root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
  settings.set("theme", root.dataset.theme);
});

const theme = settings.get("theme");
if (theme === "light" || theme === "dark") root.dataset.theme = theme;
const requested = new URLSearchParams(location.search).get("lang") ?? settings.get("lang");
const chosen = requested === "zh" || requested === "en" ? requested : /^zh\b/i.test(navigator.language) ? "zh" : "en";
setLanguage(chosen);
