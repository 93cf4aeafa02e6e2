"use strict";
/* How numbers are shown: maps of coloured cells, bars, tables. */

globalThis.lesson ??= {};

(() => {
  const CELL = 12; // pixels of a map's cell

  /* A colour of the page's style, such as `--positive`, as [red, green, blue]. */
  function colour(element, name) {
    const hex = getComputedStyle(element).getPropertyValue(name).trim();
    return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  }

  /* Numbers as cells, row by row: 0 in the page's neutral colour, `limit` and -limit in the two others. */
  function paintMap(canvas, values, columns, { limit, selected = -1, grey = false }) {
    const [zero, high, low] = ["zero", "positive", "negative"].map((name) => colour(canvas, `--${name}`));
    const rows = Math.ceil(values.length / columns);
    canvas.width = columns * CELL;
    canvas.height = rows * CELL;
    const context = canvas.getContext("2d");
    values.forEach((value, at) => {
      const share = limit ? Math.min(1, Math.abs(value) / limit) : 0;
      const end = value < 0 ? low : high;
      const mixed = grey
        ? Array(3).fill(127.5 * (1 + value))
        : zero.map((from, i) => from + share * (end[i] - from));
      context.fillStyle = `rgb(${mixed.map(Math.round)})`;
      context.fillRect((at % columns) * CELL, Math.floor(at / columns) * CELL, CELL, CELL);
    });
    if (selected < 0) return;
    context.lineWidth = 3;
    context.strokeStyle = getComputedStyle(canvas).getPropertyValue("--ink");
    context.strokeRect((selected % columns) * CELL + 1, Math.floor(selected / columns) * CELL + 1, CELL - 2, CELL - 2);
  }

  const number = (value) => (Number.isNaN(value) ? "NaN" : Math.abs(value) >= 1e4 ? value.toExponential(1) : value.toFixed(2));
  /* Never 0% or 100% for what is not quite so. */
  function percent(share) {
    if (Number.isNaN(share)) return "NaN";
    if (share > 0 && share < 0.001) return "<0.1%";
    if (share < 1 && share > 0.999) return ">99.9%";
    return `${(100 * share).toFixed((share > 0 && share < 0.0995) || (share > 0.9905 && share < 1) ? 1 : 0)}%`;
  }

  /* Ten rows into a list: the digit, a bar from `zero` (0 at the left, 0.5 in the middle) and the number. */
  function paintBars(list, values, { limit, signed = false, text = percent, best = -1 }) {
    while (list.children.length < values.length) {
      const row = document.createElement("li");
      for (const name of ["digit", "track", "value"]) row.append(Object.assign(document.createElement("span"), { className: name }));
      row.querySelector(".track").append(document.createElement("i"));
      list.append(row);
    }
    values.forEach((value, digit) => {
      const row = list.children[digit];
      const [name, track, figure] = row.children;
      const share = Number.isFinite(value) && limit ? (Math.abs(value) / limit) * (signed ? 50 : 100) : 0;
      name.textContent = digit;
      figure.textContent = text(value);
      row.classList.toggle("best", digit === best);
      track.firstChild.className = value < 0 ? "negative" : "";
      track.firstChild.style.width = `${share}%`;
      track.firstChild.style.marginLeft = `${signed ? (value < 0 ? 50 - share : 50) : 0}%`;
    });
  }

  /* A table of numbers, row by row, each row under the number of its first unit. */
  function fillTable(table, values, columns) {
    const rows = [];
    for (let start = 0; start < values.length; start += columns) {
      const row = document.createElement("tr");
      row.append(Object.assign(document.createElement("th"), { scope: "row", textContent: start }));
      for (const value of values.slice(start, start + columns)) {
        row.append(Object.assign(document.createElement("td"), { textContent: number(value) }));
      }
      rows.push(row);
    }
    table.tBodies[0].replaceChildren(...rows);
  }

  const largest = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

  Object.assign(lesson, { paintMap, paintBars, fillTable, number, percent, largest });
})();
