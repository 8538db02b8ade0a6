"use strict";
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const search = document.getElementById("search");
const said = document.getElementById("matches");
const chosen = { standing: "", status: "" };
let before = null;

function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const isOn = words.length > 0 || chosen.standing || chosen.status;
  const families = all(".family");
  if (isOn && !before) before = families.map(family => family.open);
  let shown = 0;
  families.forEach((family, place) => {
    let some = 0;
    for (const row of all("tbody tr", family)) {
      const text = row.textContent.toLowerCase();
      row.hidden = !(words.every(word => text.includes(word))
        && (!chosen.standing || row.dataset.standing === chosen.standing)
        && (!chosen.status || row.dataset.status === chosen.status));
      some += !row.hidden;
    }
    family.hidden = some === 0;
    family.open = isOn ? some > 0 : (before ? before[place] : family.open);
    shown += some;
  });
  if (!isOn) before = null;
  said.textContent = isOn ? `${shown} of ${all(".family tbody tr").length} clauses` : "";
}

search.addEventListener("input", filter);
for (const button of all("button[data-filter]")) {
  button.addEventListener("click", () => {
    const { filter: name, value } = button.dataset;
    chosen[name] = chosen[name] === value ? "" : value;
    for (const other of all(`button[data-filter="${name}"]`))
      other.setAttribute("aria-pressed", String(other.dataset.value === chosen[name]));
    filter();
  });
}
for (const button of all("button[data-fold]")) {
  button.addEventListener("click", () => {
    for (const one of all(button.dataset.of)) one.open = button.dataset.fold === "open";
  });
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}
for (const button of all("button[data-copy]")) {
  button.addEventListener("click", async () => {
    const label = button.textContent;
    await copy(document.getElementById(button.dataset.copy).textContent);
    button.textContent = "copied";
    setTimeout(() => { button.textContent = label; }, 1500);
  });
}

function unfold() {
  const place = location.hash && document.getElementById(location.hash.slice(1));
  if (!place) return;
  for (const one of [...all("details", place).slice(0, 1), place.closest("details")])
    if (one) one.open = true;
  for (const button of all('button[aria-pressed="true"]')) if (place.closest("[hidden]")) button.click();
  place.scrollIntoView();
}
addEventListener("hashchange", unfold);
unfold();
addEventListener("keydown", event => {
  if (event.key === "/" && !/INPUT|TEXTAREA/.test(document.activeElement.tagName)) {
    event.preventDefault();
    search.focus();
  }
});
