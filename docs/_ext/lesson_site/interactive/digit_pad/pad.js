"use strict";
/* The page of the digit pad: what is drawn goes through a network, and every layer is shown. */

(() => {
  const root = document.getElementById("pad");
  const $ = (name) => document.getElementById(`pad-${name}`);
  const power = (input) => 10 ** Number($(input).value);
  // What each choice means: the file, and what its weights are multiplied by.
  const CHOICES = {
    trained: { file: "trained", std: () => 1 },
    default: { file: "default", std: () => 1 },
    normal: { file: "noise", std: () => power("std") },
    randn: { file: "noise", std: () => 1 },
  };
  const SAMPLES = 3; // of each digit
  const LAYERS = ["hidden1", "hidden2", "logits"];
  const COLUMNS = { input: 28, hidden1: 16, hidden2: 16 };
  const LIMIT = Math.log((2 - 2 ** -23) * 2 ** 127); // float32 ends at exp of this

  const settings = () => ({ temperature: power("temperature"), naive: $("naive").checked });
  const chosen = () => document.querySelector("input[name=pad-network]:checked").value;
  const pixels = () => lesson.normalise(lesson.prepare(drawing.ink, drawing.canvas.width, $("prepare").checked));

  async function read(choice, input) {
    const { file, std } = CHOICES[choice];
    const layers = await lesson.network(file);
    return { layers, std: std(), values: lesson.forward(input, layers, std()) };
  }

  function answer(logits) {
    const probabilities = lesson.softmax(logits, settings());
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
    $(`${name}-range`).textContent = `; ${range}`;
  }

  function showLogits(logits) {
    const best = logits.indexOf(Math.max(...logits));
    lesson.paintBars($("logits"), logits, { limit: lesson.largest(logits), signed: true, text: lesson.number, best });
  }

  function showOverflow(logits) {
    const { temperature, naive } = settings();
    const top = Math.max(...logits) / temperature;
    const { best } = answer(logits);
    const end = `float32, which ends at exp(${LIMIT.toFixed(1)})`;
    $("overflow").textContent = !naive
      ? `The largest of the ten, ${lesson.number(top)}, is subtracted from all. The largest exponential is exp(0) = 1: nothing overflows.`
      : best >= 0
        ? `The largest of the ten is ${lesson.number(top)}: its exponential fits ${end}.`
        : top > LIMIT
          ? `exp(${lesson.number(top)}) is infinite in ${end}. Infinity divided by infinity is NaN, not a number.`
          : `All ten exponentials are 0 in float32: the largest is exp(${lesson.number(top)}). 0 divided by 0 is NaN, not a number.`;
  }

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

  async function compare(input) {
    if (!$("compare").open) return;
    $("std-name").textContent = $("std-value").textContent;
    for (const column of $("compare").querySelectorAll("[data-network]")) {
      const { values } = await read(column.dataset.network, input);
      const { probabilities, best, says } = answer(values.logits);
      column.querySelector("p").textContent = says;
      lesson.paintBars(column.querySelector("ol"), probabilities, { limit: 1, best });
    }
  }

  let pending = 0;
  function say(text) {
    clearTimeout(pending);
    // Not at every move of the pen: a screen reader reads each out.
    pending = setTimeout(() => ($("says").textContent = text), 250);
  }

  let waiting = false;
  /* Once before the next frame, however often the pen has moved. */
  function showSoon() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      show();
    });
  }

  let asked = false;
  let turn = 0;
  async function show() {
    const mine = ++turn;
    const input = pixels();
    showMap("input", input, COLUMNS.input, { grey: true }, "28 by 28 pixels");
    if (drawing.blank) say("Nothing yet: draw a digit.");
    if (!asked) return; // no network is fetched for a reader who does not draw
    try {
      const reading = await read(chosen(), input);
      if (mine !== turn) return; // the drawing has changed meanwhile
      const { values } = reading;
      const { probabilities, best, says } = answer(values.logits);
      const { name, unit } = showUnit(reading);
      for (const hidden of ["hidden1", "hidden2"]) showHidden(hidden, values[hidden], hidden === name ? unit : -1);
      showLogits(values.logits);
      lesson.paintBars($("probabilities"), probabilities, { limit: 1, best });
      showOverflow(values.logits);
      showTables(values, probabilities);
      if (!drawing.blank) say(says);
      await compare(input);
    } catch (error) {
      say(`${error.message} Draw on to try again.`);
    }
  }

  /* One real digit of each kind; the next ones at each call. */
  let set = 0;
  function offerSamples() {
    const buttons = lesson.realDigits.filter((_, at) => at % SAMPLES === set % SAMPLES).map(({ digit, image }) => {
      const button = Object.assign(document.createElement("button"), { type: "button" });
      const canvas = document.createElement("canvas");
      button.setAttribute("aria-label", `a real ${digit}`);
      button.append(canvas);
      lesson.paintMap(canvas, lesson.normalise(Float32Array.from(image, (byte) => byte / 255)), 28, { limit: 1, grey: true });
      button.addEventListener("click", () => drawing.load(image));
      return button;
    });
    $("samples").replaceChildren(...buttons);
    set++;
  }

  function showSliders() {
    for (const name of ["std", "temperature"]) $(`${name}-value`).textContent = Number(power(name).toPrecision(2));
  }

  const drawing = new lesson.Drawing($("ink"), {
    changed: () => {
      asked = true;
      showSoon();
    },
    said: (text) => ($("said").textContent = text),
  });

  $("undo").addEventListener("click", () => drawing.undo());
  $("clear").addEventListener("click", () => drawing.clear());
  $("others").addEventListener("click", offerSamples);
  for (const name of ["hidden1", "hidden2"]) {
    $(name).addEventListener("click", ({ offsetX, offsetY, target }) => {
      const cell = target.clientWidth / COLUMNS[name];
      $("layer").value = name;
      $("number").value = Math.floor(offsetY / cell) * COLUMNS[name] + Math.floor(offsetX / cell);
      show();
    });
  }
  $("std").addEventListener("input", () => (document.querySelector("input[value=normal]").checked = true));
  $("layer").addEventListener("input", () => ($("number").max = lesson.SIZES[1 + LAYERS.indexOf($("layer").value)] - 1));
  root.addEventListener("input", () => {
    showSliders();
    show();
  });
  root.addEventListener("toggle", show, true); // which does not bubble
  // The maps have colours of their own in light and dark.
  new MutationObserver(show).observe(document.body, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);

  showSliders();
  offerSamples();
  // Everything has its place before the first network has come.
  for (const name of ["hidden1", "hidden2"]) showMap(name, new Float32Array(name === "hidden1" ? 128 : 64), COLUMNS[name], {}, "nothing yet");
  showLogits(new Float32Array(10));
  lesson.paintBars($("probabilities"), new Float32Array(10), { limit: 1 });
  show();
})();
