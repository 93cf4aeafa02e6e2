"use strict";
/* What the digit pad shows of one reading: maps, bars, sentences and tables. Each function sets a part of the page. */

(() => {
  const $ = (name) => document.getElementById(`pad-${name}`);
  const LAYERS = ["hidden1", "hidden2", "logits"];
  const COLUMNS = { input: 28, hidden1: 8, hidden2: 4 };
  const LIMIT = Math.log((2 - 2 ** -23) * 2 ** 127); // float32 ends at exp of this

  /* The ten probabilities, which is the largest (-1 for none), and both in words. */
  function answer(logits, settings) {
    const probabilities = lesson.softmax(logits, settings);
    const best = probabilities.indexOf(Math.max(...probabilities));
    const says = best < 0 ? "No answer: NaN" : `${best}, ${lesson.percent(probabilities[best])}`;
    return { probabilities, best, says };
  }

  function showMap(name, values, columns, options, text) {
    const canvas = $(name);
    lesson.paintMap(canvas, values, columns, options);
    canvas.setAttribute("aria-label", text);
  }

  function showHidden(name, values, selected) {
    const limit = lesson.largest(values);
    const active = values.filter(Boolean).length;
    const range = `${active} above zero, the largest ${lesson.number(limit)}`;
    showMap(name, values, COLUMNS[name], { limit, selected }, `${values.length} units: ${range}`);
    $(`${name}-range`).textContent = `${active} above 0`;
  }

  function showLogits(logits) {
    const best = logits.indexOf(Math.max(...logits));
    lesson.paintBars($("logits"), logits, { limit: lesson.largest(logits), signed: true, text: lesson.number, best });
  }

  function showOverflow(logits, settings) {
    const top = Math.max(...logits) / settings.temperature;
    const { best } = answer(logits, settings);
    const end = `float32, which ends at exp(${LIMIT.toFixed(1)})`;
    $("overflow").textContent = !settings.naive
      ? `The largest of the ten, ${lesson.number(top)}, is subtracted from all. The largest exponential is exp(0) = 1: nothing overflows.`
      : best >= 0
        ? `The largest of the ten is ${lesson.number(top)}: its exponential fits ${end}.`
        : top > LIMIT
          ? `exp(${lesson.number(top)}) is infinite in ${end}. Infinity divided by infinity is NaN, not a number.`
          : `All ten exponentials are 0 in float32: the largest is exp(${lesson.number(top)}). 0 divided by 0 is NaN, not a number.`;
  }

  /* Returns which unit was asked for: its layer and its number. */
  function showUnit({ layers, std, values }) {
    const layer = LAYERS.indexOf($("layer").value);
    const input = values[["input", ...LAYERS][layer]];
    const { weight, bias } = layers[layer];
    const unit = Math.min(bias.length - 1, Math.max(0, Math.trunc(Number($("number").value)) || 0));
    const weights = weight.subarray(unit * input.length, (unit + 1) * input.length).map((value) => std * value);
    const products = weights.map((value, i) => value * input[i]);
    const columns = COLUMNS[["input", ...LAYERS][layer]];
    for (const [name, numbers] of Object.entries({ weights, products })) {
      const limit = lesson.largest(numbers);
      showMap(name, numbers, columns, { limit }, `${numbers.length} numbers up to ${lesson.number(limit)} from zero`);
      $(`${name}-range`).textContent = `: ${numbers.length}, up to ${lesson.number(limit)} from zero`;
    }
    const sum = products.reduce((a, b) => a + b, 0);
    const before = sum + bias[unit];
    const after = layer < 2 ? ` ReLU makes of it ${lesson.number(Math.max(0, before))}.` : " This is the logit.";
    $("sum").textContent =
      `The ${input.length} products add up to ${lesson.number(sum)}. ` +
      `With the bias, ${lesson.number(bias[unit])}, that is ${lesson.number(before)}.${after}`;
    return { name: LAYERS[layer], unit };
  }

  function showTables({ input, hidden1, hidden2, logits }, probabilities) {
    if (!$("tables").open) return;
    lesson.fillTable($("table-input"), input, 28);
    lesson.fillTable($("table-hidden1"), hidden1, 8);
    lesson.fillTable($("table-hidden2"), hidden2, 8);
    const rows = Float32Array.from(Array.from(logits).flatMap((logit, digit) => [logit, probabilities[digit]]));
    lesson.fillTable($("table-outputs"), rows, 2);
    Array.from($("table-outputs").tBodies[0].rows).forEach((row, digit) => (row.cells[0].textContent = digit));
  }

  Object.assign(lesson, {
    LAYERS,
    COLUMNS,
    answer,
    showHidden,
    showLogits,
    showMap,
    showOverflow,
    showTables,
    showUnit,
  });
})();
