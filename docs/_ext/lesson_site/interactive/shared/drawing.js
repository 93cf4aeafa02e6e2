"use strict";
/* Paper: drawn on with mouse, pen, finger or keys. It reports each change. */

(() => {
  const { CELL, SIDE, stroke } = lesson.ink;
  const UNDO = 100;
  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  class Drawing {
    #context;
    #history = [];
    #cursor = { x: 14, y: 14 };
    #last = null; // where the pointer was; null while it is up
    #penDown = false; // the keys' pen
    #loaded = false; // an image lies there, for which the reader has not drawn

    /* `changed()` is called after each change, `said(text)` with what the keys did. */
    constructor(canvas, { changed, said }) {
      Object.assign(this, { canvas, changed, said });
      this.ink = new Uint8ClampedArray(SIDE * SIDE);
      canvas.width = canvas.height = SIDE;
      this.#context = canvas.getContext("2d");
      canvas.addEventListener("pointerdown", (event) => this.#press(event));
      addEventListener("pointermove", (event) => this.#move(event));
      for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => (this.#last = null));
      canvas.addEventListener("keydown", (event) => this.#key(event));
      for (const name of ["focus", "blur"]) canvas.addEventListener(name, () => this.#show());
      this.#show();
    }

    /* Whether the paper shows an image as it was loaded. */
    get loaded() {
      return this.#loaded;
    }

    get blank() {
      return !this.ink.some(Boolean);
    }

    clear() {
      if (this.blank) return;
      this.#begin();
      this.ink.fill(0);
      this.#done();
    }

    undo() {
      if (!this.#history.length) return;
      [this.ink, this.#loaded] = this.#history.pop();
      this.#done();
    }

    /* Draw the 784 bytes of an image, each as a square. */
    load(image) {
      if (!this.blank) this.#remember();
      this.#loaded = true;
      this.ink = this.ink.map((_, at) => image[Math.floor(at / SIDE / CELL) * lesson.SIDE + Math.floor((at % SIDE) / CELL)]);
      this.#done();
    }

    #remember() {
      this.#history.push([this.ink.slice(), this.#loaded]);
      if (this.#history.length > UNDO) this.#history.shift();
    }

    /* Before a change by hand: an image that was loaded makes way for it. One step of undo brings it back. */
    #begin() {
      this.#remember();
      if (this.#loaded) this.ink.fill(0);
      this.#loaded = false;
    }

    #done() {
      this.#show();
      this.changed();
    }

    #place(event) {
      const box = this.canvas.getBoundingClientRect();
      const scale = SIDE / box.width;
      return { x: (event.clientX - box.left) * scale, y: (event.clientY - box.top) * scale };
    }

    #press(event) {
      if (!event.isPrimary || event.button) return;
      this.#begin();
      this.#last = this.#place(event);
      stroke(this.ink, this.#last, this.#last);
      this.#done();
    }

    #move(event) {
      if (!this.#last || !event.isPrimary) return;
      const events = event.getCoalescedEvents();
      for (const each of events.length ? events : [event]) {
        const place = this.#place(each);
        stroke(this.ink, this.#last, place);
        this.#last = place;
      }
      this.#done();
    }

    #key(event) {
      const command = event.ctrlKey || event.metaKey;
      if (command && event.key.toLowerCase() === "z") this.undo();
      else if (command || event.altKey) return;
      else if (event.key in STEPS) this.#step(...STEPS[event.key]);
      else if (event.key === " ") this.#toggle();
      else if (event.key.toLowerCase() === "d") this.#lift(!this.#penDown);
      else if (event.key === "Delete" || event.key === "Backspace") this.clear();
      else if (event.key === "Escape") this.#lift(false);
      else return;
      event.preventDefault();
    }

    #centre({ x, y }) {
      return { x: (x + 0.5) * CELL, y: (y + 0.5) * CELL };
    }

    #step(dx, dy) {
      const before = this.#cursor;
      const inside = (at) => Math.min(lesson.SIDE - 1, Math.max(0, at));
      this.#cursor = { x: inside(before.x + dx), y: inside(before.y + dy) };
      if (this.#penDown) {
        stroke(this.ink, this.#centre(before), this.#centre(this.#cursor));
        this.#done();
      } else this.#show();
      this.#tell();
    }

    #toggle() {
      this.#begin();
      const value = this.#inked() ? 0 : 255;
      for (let row = 0; row < CELL; row++) {
        const start = (this.#cursor.y * CELL + row) * SIDE + this.#cursor.x * CELL;
        this.ink.fill(value, start, start + CELL);
      }
      this.#done();
      this.#tell();
    }

    #lift(down) {
      if (down === this.#penDown) return;
      this.#penDown = down;
      if (down) {
        this.#begin();
        stroke(this.ink, this.#centre(this.#cursor), this.#centre(this.#cursor));
        this.#done();
      } else this.#show();
      this.said(down ? "Pen down" : "Pen up");
    }

    #inked() {
      const { x, y } = this.#centre(this.#cursor);
      return this.ink[y * SIDE + x] > 127;
    }

    #tell() {
      const { x, y } = this.#cursor;
      this.said(`Row ${y + 1}, column ${x + 1}: ${this.#inked() ? "ink" : "paper"}`);
    }

    /* White ink on black paper, and the keys' cursor while keys are used. */
    #show() {
      const picture = this.#context.createImageData(SIDE, SIDE);
      const opaque = new Uint32Array(picture.data.buffer); // four bytes a pixel at once
      this.ink.forEach((value, at) => (opaque[at] = 0xff000000 | (value * 0x010101)));
      this.#context.putImageData(picture, 0, 0);
      if (!this.canvas.matches(":focus-visible")) return;
      this.#context.lineWidth = this.#penDown ? 4 : 2;
      this.#context.strokeStyle = getComputedStyle(this.canvas).getPropertyValue("--negative");
      this.#context.strokeRect(this.#cursor.x * CELL, this.#cursor.y * CELL, CELL, CELL);
    }
  }

  Object.assign(lesson, { Drawing });
})();
