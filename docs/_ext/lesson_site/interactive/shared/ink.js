"use strict";
/* The ink of the digit pad: a square of bytes, from paper (0) to ink (255), and strokes of the pen in it. */

(() => {
  const CELL = 10; // pixels of the paper for one that the network sees
  const SIDE = lesson.SIDE * CELL;
  const RADIUS = 1.2 * CELL; // of the pen: MNIST's strokes are some two and a half pixels wide

  /* Draw a line, its edge softened over one pixel. */
  function stroke(ink, from, to) {
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    const length = dx * dx + dy * dy;
    const reach = RADIUS + 1;
    const first = (a, b) => Math.max(0, Math.floor(Math.min(a, b) - reach));
    const last = (a, b) => Math.min(SIDE - 1, Math.ceil(Math.max(a, b) + reach));
    for (let y = first(from.y, to.y); y <= last(from.y, to.y); y++) {
      for (let x = first(from.x, to.x); x <= last(from.x, to.x); x++) {
        const [px, py] = [x + 0.5 - from.x, y + 0.5 - from.y];
        const along = length ? Math.min(1, Math.max(0, (px * dx + py * dy) / length)) : 0;
        const distance = Math.hypot(px - along * dx, py - along * dy);
        const at = y * SIDE + x;
        ink[at] = Math.max(ink[at], 255 * (RADIUS + 0.5 - distance));
      }
    }
  }

  lesson.ink = { CELL, SIDE, stroke };
})();
