"use strict";
// Sorting and filtering of tables, values of plots by pointer and keys; the page says everything without them.
(() => {
  const value = (cell) => cell.dataset.value ?? cell.textContent;
  const compare = (a, b, isNumber) => {
    if (a === "" || b === "") return (a === "") - (b === "");
    return isNumber ? Number(a) - Number(b) : a.localeCompare(b, "en", { numeric: true });
  };
  const sort = (table, head, column) => {
    const down = head.getAttribute("aria-sort") === "ascending";
    const first = head.classList.contains("number") && !head.hasAttribute("aria-sort");
    const sign = down || first ? -1 : 1;
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", sign < 0 ? "descending" : "ascending");
    const isNumber = head.classList.contains("number");
    const rows = [...table.tBodies[0].rows];
    rows.sort((x, y) => {
      const [a, b] = [value(x.cells[column]), value(y.cells[column])];
      const order = compare(a, b, isNumber);
      return a === "" || b === "" ? order : sign * order;
    });
    table.tBodies[0].append(...rows);
  };
  for (const table of document.querySelectorAll("table.sortable")) {
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent.trim();
      head.replaceChildren(button);
      button.addEventListener("click", () => sort(table, head, column));
    });
  }
  let first = true;
  for (const plot of document.querySelectorAll(".plot")) {
    const spots = [...plot.querySelectorAll(".spots > *")];
    if (spots.length === 0) continue;
    const said = document.createElement("output");
    said.className = "value";
    if (first) said.textContent = "Point at a plot, or select it and press the arrow keys, to read its values.";
    first = false;
    plot.after(said);
    let at = -1;
    const show = (place) => {
      if (at >= 0) spots[at].classList.remove("at");
      at = place;
      spots[at].classList.add("at");
      said.textContent = spots[at].textContent;
    };
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    plot.tabIndex = 0;
    plot.setAttribute("aria-label", plot.getAttribute("aria-label") + ": arrow keys read its values");
    plot.addEventListener("keydown", (event) => {
      const count = spots.length;
      if (event.key in steps) show(at < 0 && steps[event.key] < 0 ? count - 1 : (at + steps[event.key] + count) % count);
      else if (event.key === "Home") show(0);
      else if (event.key === "End") show(count - 1);
      else return;
      event.preventDefault();
    });
    plot.addEventListener("pointerover", (event) => {
      const place = spots.indexOf(event.target.closest(".spots > *"));
      if (place >= 0) show(place);
    });
  }
  const table = document.getElementById("miners");
  if (!table) return;
  const labelled = (text, control) => {
    const label = document.createElement("label");
    label.append(text + " ", control);
    return label;
  };
  const search = Object.assign(document.createElement("input"), { type: "search", id: "miner-filter" });
  const classes = Object.assign(document.createElement("select"), { id: "class-filter" });
  const titles = [...table.tHead.rows[0].cells].map((head) => head.textContent);
  const at = { name: titles.indexOf("Miner"), uid: titles.indexOf("uid"), class: titles.indexOf("Class"),
    operator: titles.indexOf("Operator") };
  const rows = [...table.tBodies[0].rows];
  const names = [...new Set(rows.map((row) => value(row.cells[at.class])))].sort();
  classes.append(new Option("all", ""), ...names.map((name) => new Option(name, "c:" + name)));
  const count = document.createElement("output");
  const filter = () => {
    const wanted = search.value.trim().toLowerCase();
    let shown = 0;
    for (const row of rows) {
      const text = [at.name, at.uid, at.operator].map((k) => value(row.cells[k]).toLowerCase());
      const isClass = classes.value === "" || classes.value === "c:" + value(row.cells[at.class]);
      row.hidden = !(isClass && text.some((t) => t.includes(wanted)));
      shown += !row.hidden;
    }
    count.textContent = shown + " of " + rows.length + " miners";
  };
  search.addEventListener("input", filter);
  classes.addEventListener("change", filter);
  const tools = document.createElement("div");
  tools.className = "tools";
  tools.append(labelled("Name, uid or operator", search), labelled("Class", classes), count);
  table.closest(".scroll").before(tools);
  filter();
})();
