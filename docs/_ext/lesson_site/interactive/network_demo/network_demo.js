"use strict";
/* The network of the home page: ten digits that it has read while the site was built, and any that is drawn. Its weights are
   fetched with the first stroke, and not before. */

(() => {
  const $ = (name) => document.getElementById(`demo-${name}`);
  const stored = JSON.parse($("stored").textContent);
  const picks = Array.from(document.querySelectorAll(".demo-pick button"));

  function show({ hidden1, hidden2, probabilities }) {
    for (const [name, values] of Object.entries({ hidden1, hidden2 })) {
      const most = lesson.largest(values) || 1;
      document.querySelectorAll(`#demo-${name} rect`).forEach((cell, at) => cell.setAttribute("fill-opacity", values[at] / most));
    }
    const best = probabilities.indexOf(Math.max(...probabilities));
    lesson.paintBars($("bars"), probabilities, { limit: 1, best });
    const answer = Object.assign(document.createElement("strong"), { textContent: best });
    say("It reads ", answer, ` ${lesson.percent(probabilities[best])}`);
  }

  let pending = 0;
  function say(...parts) {
    clearTimeout(pending);
    // Not at every move of the pen: a screen reader reads each out.
    pending = setTimeout(() => $("says").replaceChildren(...parts), 120);
  }

  let picked = picks.findIndex((pick) => pick.ariaPressed === "true"); // -1 once the reader draws
  function press(digit) {
    picked = digit;
    picks.forEach((pick, at) => (pick.ariaPressed = at === digit));
  }

  async function read() {
    if (drawing.loaded) return;
    press(-1);
    if (drawing.blank) {
      say("Draw a digit.");
      return;
    }
    try {
      const layers = await lesson.network("trained");
      const input = lesson.normalise(lesson.prepare(drawing.ink, drawing.canvas.width, true));
      const values = lesson.forward(input, layers);
      if (picked < 0) show({ ...values, probabilities: lesson.softmax(values.logits) });
    } catch (error) {
      say(`${error.message} Draw on to try again.`);
    }
  }

  const paper = document.createElement("canvas");
  paper.tabIndex = 0;
  paper.setAttribute("role", "application");
  paper.setAttribute("aria-label", "Paper to draw on: arrows move, D lowers or lifts the pen, Delete clears");
  let waiting = 0;
  const drawing = new lesson.Drawing(paper, {
    changed: () => {
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(read);
    },
    said: () => {},
  });

  picks.forEach((pick, digit) =>
    pick.addEventListener("click", () => {
      press(digit);
      drawing.load(lesson.bytes(stored[digit].image));
      show(stored[digit]);
    }),
  );
  drawing.load(lesson.bytes(stored[picked].image));
  $("paper").replaceChildren(paper);
})();
