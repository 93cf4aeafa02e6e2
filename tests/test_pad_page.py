"""The digit pad as a reader uses it: mouse, finger, keys, a screen reader, no scripts."""

import re
import shutil
from pathlib import Path
from typing import Literal

import pytest
import torch
from playwright.sync_api import Browser, Page, expect
from torch import Tensor

from lesson_site.interactive import compute_weights
from support.browsing import serving, violations
from support.pads import GALLERY, IMAGES, TESTSET, as_json, draw, ink, inputs_of, reading
from support.site import SITE
from support.site import page as soup
from support.strokes import strokes

Scheme = Literal["light", "dark"]


@pytest.mark.digits
def test_a_drawn_digit_is_said(pad: Page) -> None:
    """What the pad says is what PyTorch makes of the pixels that it shows."""
    draw(pad, IMAGES[1])
    expect(pad.locator("#pad-says")).to_have_text(reading(r"[0-689]"))
    drawn = as_json(ink(pad).flatten().tolist())
    prepare = "lesson.prepare(Uint8ClampedArray.from(JSON.parse(ink)), 280, true)"
    pixels = pad.evaluate(f"(ink) => Array.from({prepare})", drawn)
    with torch.no_grad():
        logits = compute_weights.network(GALLERY, "trained")((torch.tensor([pixels]) - 0.5) / 0.5)
    best = torch.softmax(logits, dim=1).max(dim=1)
    expect(pad.locator("#pad-says")).to_have_text(reading(best.indices.item()))
    shown = float(re.sub(r"[<>%]", "", pad.inner_text("#pad-says").split(", ")[1]))
    assert shown == pytest.approx(100 * best.values.item(), abs=0.51)


@pytest.mark.digits
def test_the_pad_begins_with_what_pytorch_makes_of_the_first_digit(pad: Page) -> None:
    expect(pad.locator("#pad-says")).to_have_text(reading(TESTSET.targets[0].item()))
    assert (ink(pad)[5::10, 5::10] == TESTSET.data[0].numpy()).all()
    layers = compute_weights.reading(compute_weights.network(GALLERY, "trained"), TESTSET.data[0])
    logits = pad.locator("#pad-logits .value").all_inner_texts()
    assert [*map(float, logits)] == pytest.approx(layers["logits"].tolist(), abs=0.006)
    expect(pad.locator("#pad-hidden1")).to_have_attribute(
        "aria-label", re.compile(f": {int((layers['hidden1'] > 0).sum())} above zero")
    )
    # The unit is the strongest, with its own weights.
    expect(pad.locator("#pad-number")).to_have_value(str(layers["hidden1"].argmax().item()))
    strongest = layers["hidden1"].max().item()
    expect(pad.locator("#pad-sum")).to_contain_text(f"ReLU makes of it {strongest:.2f}.")


@pytest.mark.digits
def test_keys_alone_draw_and_read_a_digit(pad: Page) -> None:
    """From the top of the page with Tab, then a one, drawn from above."""
    for _ in range(100):
        pad.keyboard.press("Tab")
        if pad.evaluate("document.activeElement.id") == "pad-ink":
            break
    else:
        pytest.fail("Tab does not reach the paper")
    for key in ["ArrowUp"] * 9 + ["d"] + ["ArrowDown"] * 18:
        pad.keyboard.press(key)
    expect(pad.locator("#pad-said")).to_have_text("Row 24, column 15: ink")
    expect(pad.locator("#pad-says")).to_have_text(reading(1))
    pad.keyboard.press("Escape")
    expect(pad.locator("#pad-said")).to_have_text("Pen up")
    pad.keyboard.press("Control+z")
    expect(pad.locator("#pad-says")).to_have_text(reading(7))

    # The digit makes way for what is drawn by hand.
    pad.keyboard.press("Space")
    expect(pad.locator("#pad-said")).to_have_text("Row 24, column 15: ink")
    assert ink(pad).sum() == 100 * 255
    pad.keyboard.press("Space")
    expect(pad.locator("#pad-said")).to_have_text("Row 24, column 15: paper")
    assert ink(pad).sum() == 0
    # And out again: the paper is no trap.
    pad.keyboard.press("Tab")
    assert pad.evaluate("document.activeElement.id") == "pad-undo"


def swipe(page: Page, selector: str) -> None:
    """Move a finger up across an element, a bit in each frame."""
    box = page.locator(selector).bounding_box()
    assert box is not None
    session = page.context.new_cdp_session(page)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.8
    for step in range(12):
        touch = {"x": x, "y": y - 10 * step}
        kind = "touchMove" if step else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [touch]})
        page.evaluate("new Promise(requestAnimationFrame)")
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_finger_draws_and_does_not_scroll(phone: Page) -> None:
    before = phone.evaluate("scrollY")
    swipe(phone, "#pad-ink")
    expect(phone.locator("#pad-says")).to_have_text(reading(r"[0-689]"))
    assert phone.evaluate("scrollY") == before
    assert ink(phone).sum() > 0
    # Beside the paper it scrolls: so the swipe was one.
    before = phone.evaluate("scrollY")
    swipe(phone, ".pad-seen h2")
    phone.wait_for_function(f"scrollY > {before} + 50")


def test_no_network_is_fetched_before_a_reader_draws(browser: Browser, base: str) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{base}draw.html", wait_until="networkidle")
    expect(page.locator("#pad-says")).to_have_text(reading(7))
    files = ("trained.js", "default.js", "noise.js")
    assert not [url for url in asked if any(file in url for file in files)]

    page.click("#pad-samples button >> nth=3")
    expect(page.locator("#pad-says")).to_have_text(reading(r"\d"))
    page.click("#pad-compare summary")
    expect(page.locator("[data-network=randn] p")).to_have_text(reading(r"\d"))
    assert all(sum(file in url for url in asked) == 1 for file in files)
    assert [url for url in asked if not url.startswith((base, "data:"))] == []
    page.close()


def test_a_network_that_cannot_be_loaded_is_asked_for_again(
    browser: Browser, tmp_path: Path
) -> None:
    shutil.copy(SITE / "draw.html", tmp_path)
    shutil.copytree(SITE / "_static", tmp_path / "_static")
    kept = tmp_path / "_static" / "interactive" / "trained.js"
    content = kept.read_bytes()
    kept.unlink()
    with serving(tmp_path) as address:
        page = browser.new_page()
        page.goto(f"{address}draw.html")
        page.click("#pad-samples button >> nth=0")
        expect(page.locator("#pad-says")).to_contain_text("could not be loaded")
        kept.write_bytes(content)
        page.click("#pad-samples button >> nth=0")
        expect(page.locator("#pad-says")).to_have_text(reading(r"\d"))
        page.close()


@pytest.mark.digits
def test_samples_are_real_digits_from_the_test_set(hosted: Page) -> None:
    names = [
        hosted.locator("#pad-samples button").nth(i).get_attribute("aria-label") for i in range(10)
    ]
    assert names == [f"a real {digit}" for digit in range(10)]
    images = []
    for _ in range(4):
        hosted.click("#pad-samples button >> nth=7")
        images.append(ink(hosted)[5::10, 5::10])
        hosted.click("#pad-others")
    sevens = TESTSET.data[TESTSET.targets == 7][: compute_weights.SAMPLES_A_DIGIT].numpy()
    assert all((drawn == real).all() for drawn, real in zip(images, sevens, strict=False))
    assert (images[3] == images[0]).all()


def test_all_of_the_network_stands_on_the_desk(hosted: Page) -> None:
    beyond = """() => {
        const desk = document.querySelector(".pad-machine");
        const right = desk.getBoundingClientRect().right;
        const parts = [...desk.querySelectorAll("*")].filter((part) => part.checkVisibility());
        return parts.filter((part) => part.getBoundingClientRect().right > right).length;
    }"""
    for width in (320, 390, 700, 1000, 1201, 1280, 1361, 1920):
        hosted.set_viewport_size({"width": width, "height": 800})
        assert hosted.evaluate(beyond) == 0, width


def test_undo_and_clear(hosted: Page) -> None:
    hosted.click("#pad-undo")
    hosted.click("#pad-samples button >> nth=2")
    two = ink(hosted)
    draw(hosted, IMAGES[0])
    assert (ink(hosted) != two).any()
    hosted.click("#pad-clear")
    assert ink(hosted).sum() == 0
    hosted.click("#pad-undo")
    for _ in strokes(IMAGES[0].numpy()):
        hosted.click("#pad-undo")
    assert (ink(hosted) == two).all(), (
        "the first stroke has put it away, and undoing brings it back"
    )


@pytest.mark.digits
def test_overflow_appears_and_is_explained(hosted: Page) -> None:
    hosted.click("#pad-samples button >> nth=3")
    overflow = hosted.locator("#pad-overflow")
    expect(overflow).to_contain_text("nothing overflows")
    hosted.check("#pad-naive")
    expect(overflow).to_contain_text("its exponential fits float32")
    hosted.check("input[value=randn]")
    expect(overflow).to_contain_text("Infinity divided by infinity is NaN")
    expect(hosted.locator("#pad-says")).to_have_text("No answer: NaN")
    expect(hosted.locator("#pad-probabilities .value", has_text="NaN")).not_to_have_count(0)
    hosted.uncheck("#pad-naive")
    expect(hosted.locator("#pad-says")).to_have_text(reading(r"\d"))


@pytest.mark.digits
def test_temperature_flattens_and_std_makes_certain(hosted: Page) -> None:
    hosted.click("#pad-samples button >> nth=3")
    expect(hosted.locator("#pad-says")).to_have_text(reading(r"\d"))
    hosted.fill("#pad-temperature", "2")
    expect(hosted.locator("#pad-says")).to_have_text(re.compile(r"^\d, 1\d%$"))
    hosted.fill("#pad-temperature", "0")
    expect(hosted.locator("#pad-std")).to_be_hidden()
    hosted.check("input[value=normal]")
    hosted.fill("#pad-std", "-2")
    expect(hosted.locator("#pad-says")).to_have_text(re.compile(r"^\d, 10%$"))
    hosted.fill("#pad-std", "0")
    expect(hosted.locator("#pad-says")).to_have_text(re.compile(r"^\d, >?(9\d.\d|100)%$"))


@pytest.mark.digits
@pytest.mark.parametrize("layer", ["hidden1", "hidden2", "logits"])
def test_a_unit_shows_its_weights_and_its_sum(hosted: Page, layer: str) -> None:
    hosted.click("#pad-samples button >> nth=0")
    hosted.select_option("#pad-layer", layer)
    hosted.fill("#pad-number", "5")
    digit = TESTSET.data[TESTSET.targets == 0][:1]
    seen: dict[str, Tensor] = {}
    network = compute_weights.network(GALLERY, "trained")
    for name, module in zip(("hidden1", "hidden2", "logits"), network.children(), strict=True):
        module.register_forward_hook(lambda _, __, output, name=name: seen.update({name: output}))
    with torch.no_grad():
        network(inputs_of(digit))
    before = seen[layer][0, 5].item()
    expect(hosted.locator("#pad-sum")).to_contain_text(f"that is {before:.2f}")
    end = "This is the logit." if layer == "logits" else f"ReLU makes of it {max(0, before):.2f}."
    expect(hosted.locator("#pad-sum")).to_contain_text(end)
    weights = {"hidden1": 784, "hidden2": 128, "logits": 64}[layer]
    expect(hosted.locator("#pad-weights")).to_have_attribute(
        "aria-label", re.compile(f"^{weights} numbers")
    )


def test_a_click_chooses_a_unit(hosted: Page) -> None:
    hosted.click("#pad-samples button >> nth=0")
    expect(hosted.locator("#pad-sum")).not_to_be_empty()
    box = hosted.locator("#pad-hidden2").bounding_box()
    assert box is not None
    hosted.click(
        "#pad-hidden2", position={"x": box["width"] * 2.5 / 4, "y": box["height"] * 4.5 / 16}
    )
    expect(hosted.locator("#pad-layer")).to_have_value("hidden2")
    expect(hosted.locator("#pad-number")).to_have_value("18")


@pytest.mark.digits
def test_all_values_are_in_tables(hosted: Page) -> None:
    hosted.click("#pad-samples button >> nth=4")
    hosted.click("#pad-tables summary")
    digit = TESTSET.data[TESTSET.targets == 4][:1]
    with torch.no_grad():
        logits = compute_weights.network(GALLERY, "trained")(inputs_of(digit))
    expect(hosted.locator("#pad-table-outputs tbody tr")).to_have_count(10)
    rows = hosted.locator("#pad-table-outputs tbody tr").all_inner_texts()
    expected = zip(logits[0].tolist(), torch.softmax(logits, dim=1)[0].tolist(), strict=True)
    for digit_, (row, (logit, probability)) in enumerate(zip(rows, expected, strict=True)):
        name, shown, share = row.split()
        assert name == str(digit_)
        assert float(shown) == pytest.approx(logit, abs=0.006)
        assert float(share) == pytest.approx(probability, abs=0.006)
    for table, count in {"hidden1": 128, "hidden2": 64, "input": 784}.items():
        expect(hosted.locator(f"#pad-table-{table} td")).to_have_count(count)


def test_preparation_can_be_switched_off(hosted: Page) -> None:
    hosted.evaluate("document.getElementById('pad-ink').focus()")
    for key in ["ArrowLeft"] * 8 + ["d"] + ["ArrowDown"] * 4:
        hosted.keyboard.press(key)
    seen = "lesson.mean = document.getElementById('pad-input').toDataURL()"
    prepared = hosted.evaluate(seen)
    hosted.uncheck("#pad-prepare")
    assert hosted.evaluate(seen) != prepared


def test_without_scripts_a_sentence_leads_to_the_step(unscripted: Browser, base: str) -> None:
    page = unscripted.new_page()
    page.goto(f"{base}draw.html")
    expect(page.locator("noscript p")).to_be_visible()
    link = str(page.locator("noscript a").get_attribute("href"))
    assert soup(SITE / link).select("figure")
    expect(page.locator("#pad")).to_be_hidden()
    page.close()


@pytest.mark.parametrize(
    ("width", "scheme"), [(375, "dark"), pytest.param(1280, "light", marks=pytest.mark.slow)]
)
def test_axe_finds_no_violation(browser: Browser, served: str, width: int, scheme: Scheme) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{served}draw.html")
    page.click("#pad-samples button >> nth=3")
    for part in ("compare", "tables"):
        page.click(f"#pad-{part} summary")
    expect(page.locator("[data-network=randn] p")).not_to_be_empty()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == ""
    context.close()
