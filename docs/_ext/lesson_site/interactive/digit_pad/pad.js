"use strict";
/* The page of the digit pad: what is drawn goes through the network that is chosen, and every layer is shown. */

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

  const settings = () => ({ temperature: power("temperature"), naive: $("naive").checked });
  const chosen = () => document.querySelector("input[name=pad-network]:checked").value;
  const pixels = () => lesson.normalise(lesson.prepare(drawing.ink, drawing.canvas.width, $("prepare").checked));

  /* What the page came with: a real digit, what PyTorch made of it, and the weights of one unit. */
  const begin = JSON.parse($("begin").textContent);
  const floats = (text) => new Float32Array(lesson.bytes(text).buffer);
  let untouched = true;

  function firstReading(input) {
    const weight = new Float32Array(lesson.SIZES[0] * lesson.SIZES[1]);
    weight.set(lesson.halves(begin.weight), begin.unit * lesson.SIZES[0]);
    const bias = new Float32Array(lesson.SIZES[1]).fill(begin.bias);
    const [hidden1, hidden2, logits] = lesson.LAYERS.map((name) => floats(begin[name]));
    return { layers: [{ weight, bias }], std: 1, values: { input, hidden1, hidden2, logits } };
  }

  /* No network is fetched for a reader who has done nothing. */
  async function read(choice, input) {
    if (untouched) return firstReading(input);
    const { file, std } = CHOICES[choice];
    const layers = await lesson.network(file);
    return { layers, std: std(), values: lesson.forward(input, layers, std()) };
  }

  async function compare(input) {
    if (!$("compare").open) return;
    $("std-name").textContent = $("std-value").textContent;
    for (const column of $("compare").querySelectorAll("[data-network]")) {
      const { values } = await read(column.dataset.network, input);
      const { probabilities, best, says } = lesson.answer(values.logits, settings());
      column.querySelector("p").textContent = says;
      lesson.paintBars(column.querySelector("ol"), probabilities, { limit: 1, best });
    }
  }

  let pending = 0;
  function say(text) {
    clearTimeout(pending);
    // Not at every move of the pen: a screen reader reads each out.
    pending = setTimeout(() => ($("says").textContent = text), untouched ? 0 : 250);
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

  let turn = 0;
  async function show() {
    const mine = ++turn;
    const input = pixels();
    lesson.showMap("input", input, lesson.COLUMNS.input, { grey: true }, "28 by 28 pixels");
    if (drawing.blank) say("Nothing yet: draw a digit.");
    try {
      const reading = await read(chosen(), input);
      if (mine !== turn) return; // the drawing has changed meanwhile
      const { values } = reading;
      const { probabilities, best, says } = lesson.answer(values.logits, settings());
      const { name, unit } = lesson.showUnit(reading);
      for (const hidden of ["hidden1", "hidden2"]) lesson.showHidden(hidden, values[hidden], hidden === name ? unit : -1);
      lesson.showLogits(values.logits);
      lesson.paintBars($("probabilities"), probabilities, { limit: 1, best });
      lesson.showOverflow(values.logits, settings());
      lesson.showTables(values, probabilities);
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
      const button = Object.assign(document.createElement("button"), { type: "button", className: "button" });
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
      untouched = false;
      showSoon();
    },
    said: (text) => ($("said").textContent = text),
  });

  $("undo").addEventListener("click", () => drawing.undo());
  $("clear").addEventListener("click", () => drawing.clear());
  $("others").addEventListener("click", offerSamples);
  for (const name of ["hidden1", "hidden2"]) {
    $(name).addEventListener("click", ({ offsetX, offsetY, target }) => {
      const cell = target.clientWidth / lesson.COLUMNS[name];
      $("layer").value = name;
      $("number").value = Math.floor(offsetY / cell) * lesson.COLUMNS[name] + Math.floor(offsetX / cell);
      touch();
    });
  }
  $("layer").addEventListener("input", () => ($("number").max = lesson.SIZES[1 + lesson.LAYERS.indexOf($("layer").value)] - 1));
  function touch() {
    untouched = false;
    showSliders();
    show();
  }
  root.addEventListener("input", touch);
  root.addEventListener("toggle", touch, true); // which does not bubble
  // The maps have colours of their own in light and dark.
  new MutationObserver(show).observe(document.body, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);

  showSliders();
  offerSamples();
  drawing.load(lesson.bytes(begin.image)); // which shows it, in the next frame
  untouched = true;
})();
