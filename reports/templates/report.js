// The filter: hides every entry that does not hold all the words. Without it the page is whole.
(() => {
  "use strict";
  const form = document.getElementById("filter");
  const field = document.getElementById("words");
  const told = document.getElementById("told");
  const entries = [...document.querySelectorAll(".entry")];
  const groups = [...document.querySelectorAll(".group")];
  const texts = new Map();
  const textOf = (entry) => {
    if (!texts.has(entry)) {
      const scope = entry.dataset.of || "";
      texts.set(entry, (scope + " " + entry.textContent).toLowerCase());
    }
    return texts.get(entry);
  };
  let waiting = 0;
  const apply = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const entry of entries) {
      const fits = words.every((word) => textOf(entry).includes(word));
      entry.hidden = !fits;
      shown += fits;
    }
    for (const group of groups) {
      const own = [...group.querySelectorAll(".entry")];
      const left = own.filter((entry) => !entry.hidden).length;
      group.hidden = words.length > 0 && left === 0;
      if (group.tagName === "DETAILS") group.open = words.length > 0 && left > 0 && left <= 40;
    }
    told.textContent = words.length ? shown.toLocaleString("en") + " of " + entries.length.toLocaleString("en") + " entries" : "";
  };
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 120);
  });
  // Evidence in folded parts is opened where a link leads into it.
  const unfold = () => {
    const goal = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let part = goal; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
    if (goal) goal.scrollIntoView();
  };
  addEventListener("hashchange", unfold);
  unfold();
})();
