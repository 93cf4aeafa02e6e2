"use strict";
/* Predict first: the reader commits to an answer, then sees the output, and what came of both. Its words stand in the page. Without
   this script, the output can be opened all the same. */

(() => {
  const filled = (sentence, places) => sentence.replace(/\{(\w+)\}/g, (_, name) => places[name]);

  /* A word beside an answer. */
  function mark(place, kind, word) {
    place.classList.add(kind);
    place.append(" ", Object.assign(document.createElement("em"), { textContent: word }));
  }

  /* Among choices: mark the one that came true, and the one that was predicted. Returns what to say. */
  function compareChoices(form) {
    const labels = [...form.querySelectorAll("label")];
    const guess = labels.findIndex((label) => label.querySelector(":checked"));
    const came = Number(form.dataset.right);
    const said = labels[came].textContent.trim();
    form.querySelector("fieldset").disabled = true;
    if (guess !== came) mark(labels[guess], "missed", form.dataset.guessMark);
    mark(labels[came], "came", guess === came ? form.dataset.rightMark : form.dataset.cameMark);
    return filled(guess === came ? form.dataset.as : form.dataset.else, { came: said });
  }

  /* A number stands over its place on the scale, or under it. */
  function stand(text, scale, value) {
    const share = (100 * (value - scale.min)) / (scale.max - scale.min);
    text.style.setProperty("--at", Math.min(100, Math.max(0, share)));
  }

  const onScale = () => Object.assign(document.createElement("span"), { className: "predict-at", ariaHidden: "true" });

  /* On a scale: mark the number that was printed, and the one that was predicted, if one was. */
  function compareNumbers(form, scale) {
    const { value, near, unit } = form.dataset;
    const flag = Object.assign(onScale(), { textContent: value + unit });
    stand(flag, scale, value);
    scale.disabled = true;
    mark(flag, "came", form.dataset.cameMark);
    form.querySelector(".predict-ends").replaceWith(flag);
    if (!form.dataset.guessed) {
      scale.previousElementSibling.remove();
      return filled(form.dataset.none, { came: value + unit });
    }
    mark(scale.previousElementSibling, "missed", form.dataset.guessMark);
    const close = Math.abs(value - scale.value) <= Number(near);
    return filled(close ? form.dataset.as : form.dataset.else, { guess: scale.value + unit, came: value + unit });
  }

  function follow(form, scale) {
    const guess = onScale();
    scale.before(guess);
    const show = () => {
      guess.textContent = scale.ariaValueText = scale.value + form.dataset.unit;
      stand(guess, scale, scale.value);
    };
    scale.addEventListener("input", () => {
      form.dataset.guessed = "yes";
      show();
    });
    show();
  }

  for (const form of document.querySelectorAll(".predict")) {
    const scale = form.querySelector("[type=range]");
    if (scale) follow(form, scale);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const said = scale ? compareNumbers(form, scale) : compareChoices(form);
      form.querySelector(".predict-do").remove();
      form.querySelector(".predict-said").textContent = said;
      const output = form.nextElementSibling;
      output.open = true;
      output.classList.add("compared");
      // The button is gone: the keyboard goes on from what it has opened.
      output.querySelector("pre").focus();
    });
  }
})();
