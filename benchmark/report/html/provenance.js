
// A figure opens what it was made from: rows, parameters, artefacts, times, keys.
const plainTable = (caption, heads, lines) => make("div", { class: "wide", tabindex: "0", role: "region", "aria-label": caption },
  make("table", {},
    make("caption", {}, caption),
    make("thead", {}, make("tr", {}, ...heads.map((text) => make("th", { scope: "col" }, text)))),
    make("tbody", {}, ...lines.map((line) => make("tr", {}, ...line.map((cell, i) => make(i ? "td" : "th", i ? {} : { scope: "row" }, cell)))))));

const folded = (title, ...content) => make("details", {}, make("summary", {}, title), ...content);

const distinctTexts = (rows, part) => {
  const found = new Map();
  for (const row of rows) {
    if (!(part in row.parts)) continue;
    const at = row.parts[part];
    found.set(at, [...(found.get(at) ?? []), `${row.fold || "all images"}${rows.some((other) => other.seed !== row.seed) ? `, seed ${row.seed}` : ""}`]);
  }
  return found;
};

const partOf = (rows, part, title) => {
  const found = distinctTexts(rows, part);
  if (!found.size) return null;
  const texts = block("texts");
  const same = found.size === 1;
  const content = [...found].flatMap(([at, folds]) => [
    same ? null : make("p", {}, `Fold ${folds.join("; ")}`), make("pre", {}, texts[at]),
  ]).filter(Boolean);
  return folded(same ? `${title} (the same in all rows)` : title, ...content);
};

const openFigure = (from, key, metric) => {
  const data = block("provenance");
  const group = data[key];
  const name = data.metrics[metric] ?? metric;
  const said = group.figures[metric]?.said ?? [];
  const rows = group.rows;
  const lines = rows.map((row) => [
    String(row.fold || "all"), String(row.seed), row.values[metric] || "–", row.train, String(row.test),
    row.seconds, row.memory, make("code", { title: row.key }, row.key.slice(0, 12)),
  ]);
  const heads = ["Fold", "Seed", name, "Trained on", "Tested on", "Seconds", "MiB", "Key"];
  const depends = [...new Set(rows.map((row) => row.depends))];
  show(from, `${group.title}: ${name}`,
    make("p", {}, group.table),
    make("ul", {}, ...said.map((text) => make("li", {}, text))),
    group.gaps ? make("p", { class: "gap" }, `Gap: ${group.gaps}`) : "",
    rows.length ? plainTable("The rows behind this figure", heads, lines) : "",
    make("p", { class: "note" },
      "A row's key is the hash of everything below that it depends on; it is used again only while nothing of it " +
      "has changed. What has: python -m benchmark status --why."),
    ...Object.entries(data.parts).map(([part, title]) => partOf(rows, part, title)).filter(Boolean),
    depends.length ? folded("Data, folds, protocol, threads", ...depends.map((text) => make("pre", {}, text))) : "",
    rows.length ? folded("Files and whole keys", make("pre", {}, rows.map((row) => `${row.file}\n  ${row.key}`).join("\n"))) : "");
};

const startProvenance = () => {
  for (const cell of document.querySelectorAll("td[data-of]")) {
    const button = make("button", { type: "button", class: "open-cell", "aria-haspopup": "dialog" }, ...cell.childNodes);
    cell.append(button);
    button.addEventListener("click", () => openFigure(button, cell.dataset.of, cell.dataset.metric));
  }
};
