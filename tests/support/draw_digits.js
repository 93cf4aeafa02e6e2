/* Draws digits on the pad with pointer events: each a list of strokes, of [row, column] of 28, as JSON.
   Returns for each what the trained network reads, at two sizes, prepared and not. */
async (digits) => {
  const layers = await lesson.network("trained");
  const paper = document.getElementById("pad-ink");
  const box = paper.getBoundingClientRect();

  const send = (target, type, [row, column], size) => {
    const [x, y] = [column, row].map((at) => (size * (at + 0.5)) / 28);
    const place = { clientX: box.left + box.width * x, clientY: box.top + box.height * y };
    target.dispatchEvent(new PointerEvent(type, { bubbles: true, isPrimary: true, pointerId: 1, ...place }));
  };

  const read = (strokes, size) => {
    for (const stroke of strokes) {
      send(paper, "pointerdown", stroke[0], size);
      for (const place of stroke) send(window, "pointermove", place, size);
      send(window, "pointerup", stroke[0], size);
    }
    const picture = paper.getContext("2d").getImageData(0, 0, 280, 280).data;
    const ink = picture.filter((_, i) => i % 4 === 0);
    document.getElementById("pad-clear").click();
    return [true, false].map((prepared) => {
      const input = lesson.normalise(lesson.prepare(ink, 280, prepared));
      const { logits } = lesson.forward(input, layers);
      return logits.indexOf(Math.max(...logits));
    });
  };

  return JSON.parse(digits).map((strokes) => [1, 2 / 3].map((size) => read(strokes, size)));
};
