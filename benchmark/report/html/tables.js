
// Tables sort by their heads and filter by a text and by menus.
const sortKey = (cell, number) => {
  const value = cell.dataset.value;
  if (!number) return value === undefined ? cell.textContent.trim() : value;
  return value === undefined || value === "" ? null : Number(value);
};

const sortRows = (table, column, number, direction) => {
  const body = table.tBodies[0];
  const keyed = [...body.rows].map((row) => [sortKey(row.cells[column], number), row]);
  keyed.sort(([a], [b]) => {
    if (a === null || b === null) return (a === null) - (b === null);
    const order = number ? a - b : String(a).localeCompare(String(b), "en", { numeric: true });
    return direction === "ascending" ? order : -order;
  });
  body.append(...keyed.map(([, row]) => row));
};

const sortable = (table) => {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const number = "number" in head.dataset;
    const button = make("button", { type: "button" }, ...head.childNodes);
    head.append(button);
    head.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => {
      const first = number ? "descending" : "ascending";
      const second = number ? "ascending" : "descending";
      const direction = head.getAttribute("aria-sort") === first ? second : first;
      for (const other of heads) other.setAttribute("aria-sort", "none");
      head.setAttribute("aria-sort", direction);
      sortRows(table, column, number, direction);
    });
  });
};

const filterable = (table) => {
  const rows = [...table.tBodies[0].rows];
  const count = make("p", { class: "count", role: "status" });
  const words = make("input", { type: "search" });
  const menus = [];
  const apply = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const content = row.textContent.toLowerCase();
      const fits = wanted.every((word) => content.includes(word)) &&
        menus.every(({ column, menu }) => !menu.value || row.cells[column].textContent.trim() === menu.value);
      row.classList.toggle("hidden", !fits);
      shown += fits;
    }
    count.textContent = `${shown} of ${rows.length} rows`;
  };
  const bar = make("div", { class: "controls" }, make("label", {}, "Find", words));
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    if (!("menu" in head.dataset)) return;
    const values = [...new Set(rows.map((row) => row.cells[column].textContent.trim()))].filter(Boolean);
    if (values.length < 2) return;
    const options = [["", "all"], ...values.map((value) => [value, value])];
    const menu = choice(head.textContent.trim(), options, head.dataset.chosen ?? "", apply);
    menus.push({ column, menu });
    bar.append(menu.element);
  });
  words.addEventListener("input", apply);
  bar.append(count);
  table.parentElement.before(bar);
  apply();
};

const startTables = () => {
  for (const table of document.querySelectorAll("table.data")) {
    if (table.tBodies[0].rows.length > 8) filterable(table);
    sortable(table);
  }
};
