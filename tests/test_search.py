"""The site's own search finds an error by its message, as a learner would paste it."""

# ruff: noqa: E501 - a pasted message is as long as it is

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import Browser, Page, expect

from support.browsing import opened
from support.site import ROOT, page

# What a learner pastes: a message, with the learner's own numbers and names.
MESSAGES = {
    'Traceback (most recent call last): File "/home/ann/net.py", line 9, in <module> loss = criterion(model(images), labels) File "/usr/lib/python3/torch/nn/functional.py", line 3479, in cross_entropy IndexError: Target 10 is out of bounds.': "errors#error-target",
    "UserWarning: Implicit dimension choice for softmax has been deprecated. Change the call to include dim=X as an argument.": "changes#softmax-needs-its-axis",
    "IndexError: invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ to convert a 0-dim tensor to a number": "changes#a-loss-has-no-index",
    "NameError: name 'helper' is not defined": "errors#error-helper",
    "TypeError: forward() missing 1 required positional argument: 'x'": "errors#error-call",
    "urllib.error.HTTPError: HTTP Error 403: Forbidden": "errors#error-download",
    "AttributeError: '_SingleProcessDataLoaderIter' object has no attribute 'next'": "errors#error-next",
    "AttributeError: '_MultiProcessingDataLoaderIter' object has no attribute 'next'": "errors#error-next",
    "TypeError: 'DataLoader' object is not an iterator": "errors#error-iterator",
    "StopIteration": "errors#error-stop",
    "ModuleNotFoundError: No module named 'helper'": "errors#error-helper",
    "ModuleNotFoundError: No module named 'torch'": "errors#error-no-torch",
    "ModuleNotFoundError: No module named 'torchvision'": "errors#error-no-torch",
    "ModuleNotFoundError: No module named 'seaborn'": "errors#error-no-torch",
    "ModuleNotFoundError: No module named 'mnistlesson'": "errors#error-no-package",
    "ERROR: No matching distribution found for torch==2.13.0": "errors#error-no-distribution",
    "ERROR: Could not find a version that satisfies the requirement torch (from versions: none)": "errors#error-no-distribution",
    "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1000)": "errors#error-certificate",
    "<urlopen error [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed (_ssl.c:1129)>": "errors#error-certificate",
    "PackagesNotFoundError: The following packages are not available from current channels:": "errors#error-conda",
    "HINT: This error might have occurred since this system does not have Windows Long Path support enabled.": "errors#error-long-path",
    "OMP: Error #15: Initializing libiomp5md.dll, but found libiomp5md.dll already initialized.": "errors#error-omp",
    "OMP: Error #15: Initializing libomp.dylib, but found libiomp5.dylib already initialized.": "errors#error-omp",
    "AssertionError: Torch not compiled with CUDA enabled": "errors#error-cuda",
    "AttributeError: partially initialized module 'torch' has no attribute 'nn' (most likely due to a circular import)": "errors#error-shadow",
    "AttributeError: partially initialized module 'torch' from '/home/ann/mnist/torch.py' has no attribute 'randn' (most likely due to a circular import)": "errors#error-shadow",
    "AttributeError: module 'torch' has no attribute 'nn'": "errors#error-shadow",
    "RuntimeError: An attempt has been made to start a new process before the current process has finished its bootstrapping phase.": "errors#error-spawn",
    "RuntimeError: DataLoader worker (pid(s) 13204, 9912) exited unexpectedly": "errors#error-spawn",
    "UserWarning: FigureCanvasAgg is non-interactive, and thus cannot be shown": "errors#error-display",
    "UserWarning: Matplotlib is currently using agg, which is a non-GUI backend, so cannot show the figure.": "errors#error-display",
    "RuntimeError: operator torchvision::nms does not exist": "errors#error-nms",
    "RuntimeError: Error downloading train-images-idx3-ubyte.gz": "errors#error-download",
    "RuntimeError: Dataset not found. You can use download=True to download it": "errors#error-not-found",
    "TypeError: 'module' object is not callable": "errors#error-transforms",
    "RuntimeError: output with shape [1, 28, 28] doesn't match the broadcast shape [3, 28, 28]": "errors#error-channels",
    "RuntimeError: output with shape [1, 32, 32] doesn't match the broadcast shape [3, 32, 32]": "errors#error-channels",
    "TypeError: default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; found <class 'PIL.Image.Image'>": "errors#error-collate",
    "TypeError: Invalid shape (1, 28, 28) for image data": "errors#error-imshow",
    "RuntimeError: mat1 and mat2 shapes cannot be multiplied (32x28 and 784x128)": "errors#error-mat1-mat2",
    'File "/home/ann/net.py", line 31: RuntimeError: mat1 and mat2 shapes cannot be multiplied (64x10 and 64x1)': "errors#error-mat1-mat2",
    "RuntimeError: size mismatch, m1: [1792 x 28], m2: [784 x 256] at /pytorch/aten/src/TH/generic/THTensorMath.cpp:41": "errors#error-mat1-mat2",
    "RuntimeError: self must be a matrix": "errors#error-matrix",
    "RuntimeError: view size is not compatible with input tensor's size and stride (at least one dimension spans across two contiguous subspaces). Use .reshape(...) instead.": "errors#error-view-stride",
    "RuntimeError: shape '[64, 784]' is invalid for input of size 31360": "errors#error-view-size",
    "IndexError: Dimension out of range (expected to be in range of [-2, 1], but got 2)": "errors#error-dim",
    "RuntimeError: The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 0": "errors#error-size",
    "tensor(nan, grad_fn=<NllLossBackward0>)": "errors#error-nan",
    "Epoch 3, loss: nan": "errors#error-nan",
    "TypeError: unsupported operand type(s) for -: 'Tensor' and 'torch.return_types.max'": "errors#error-max",
    "ValueError: only one element tensors can be converted to Python scalars": "errors#error-one-number",
    "RuntimeError: a Tensor with 10 elements cannot be converted to Scalar": "errors#error-one-number",
    "RuntimeError: Boolean value of Tensor with more than one value is ambiguous": "errors#error-bool",
    "AttributeError: cannot assign module before Module.__init__() call": "errors#error-module-init",
    "AttributeError: 'MyNet' object has no attribute 'conv1'": "errors#error-attribute",
    "AttributeError: 'Classifier' object has no attribute 'fc3'. Did you mean: 'fc2'?": "errors#error-attribute",
    'NotImplementedError: Module [MyNet] is missing the required "forward" function': "errors#error-forward",
    "TypeError: __init__() takes 1 positional argument but 2 were given": "errors#error-call",
    "TypeError: MyNet.__init__() takes 1 positional argument but 2 were given": "errors#error-call",
    "TypeError: linear(): argument 'input' (position 1) must be Tensor, not Sigmoid": "errors#error-not-tensor",
    "TypeError: list is not a Module subclass": "errors#error-list",
    "AttributeError: module 'torch.nn' has no attribute 'linear'": "errors#error-lower-case",
    "AttributeError: module 'torch.nn.functional' has no attribute 'Relu'. Did you mean: 'relu'?": "errors#error-lower-case",
    "KeyError: \"attribute 'train' already exists\"": "errors#error-name",
    "KeyError: 'module name can\\'t contain \".\", got: fc.1'": "errors#error-name",
    "ValueError: optimizer got an empty parameter list": "errors#error-no-parameters",
    'RuntimeError: Error(s) in loading state_dict for MyNet: Missing key(s) in state_dict: "fc1.weight", "fc1.bias".': "errors#error-state-dict",
    'Unexpected key(s) in state_dict: "0.weight"': "errors#error-state-dict",
    "size mismatch for fc1.weight: copying a param with shape torch.Size([256, 784]) from checkpoint, the shape in current model is torch.Size([128, 784]).": "errors#error-state-size",
    "_pickle.UnpicklingError: Weights only load failed.": "errors#error-weights-only",
    "RuntimeError: a leaf Variable that requires grad is being used in an in-place operation.": "errors#error-leaf",
    "TypeError: cannot assign 'torch.FloatTensor' as parameter 'bias' (torch.nn.Parameter or None expected)": "errors#error-parameter",
    "RuntimeError: one of the variables needed for gradient computation has been modified by an inplace operation: [torch.FloatTensor [64, 128]], which is output 0 of ReluBackward0, is at version 1; expected version 0 instead.": "errors#error-modified",
    "RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn": "errors#error-no-grad",
    "RuntimeError: grad can be implicitly created only for scalar outputs": "errors#error-one-output",
    "RuntimeError: Trying to backward through the graph a second time (or directly access saved tensors after they have already been freed).": "errors#error-twice",
    "RuntimeError: Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.": "errors#error-numpy",
    "IndexError: Target 10 is out of bounds.": "errors#error-target",
    "RuntimeError: CUDA error: device-side assert triggered": "errors#error-target",
    "RuntimeError: expected scalar type Long but found Float": "errors#error-target-dtype",
    "RuntimeError: expected target dtype to be Long or Byte, but got Float": "errors#error-target-dtype",
    "RuntimeError: 0D or 1D target tensor expected, multi-target not supported": "errors#error-multi-target",
    "ValueError: Expected input batch_size (64) to match target batch_size (63).": "errors#error-batch-size",
    "RuntimeError: mat1 and mat2 must have the same dtype, but got Double and Float": "errors#error-dtype",
    "RuntimeError: expected scalar type Float but found Double": "errors#error-dtype",
    "RuntimeError: mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: Bool": "errors#error-mean",
    "RuntimeError: Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu!": "errors#error-device",
}

# What a learner types: a word, or what is remembered of an error or of a question.
WORDS = {
    "shapes cannot be multiplied": "errors#error-mat1-mat2",
    "mat1 mat2": "errors#error-mat1-mat2",
    "loss": "glossary#term-loss",
    "probability": "glossary#term-probability-distribution",
    "vanishing gradient": "glossary#term-saturate",
    "nan": "errors#error-nan",
    "negative loss": "errors#error-negative-loss",
    "freeze_support": "errors#error-spawn",
    "conda": "errors#error-conda",
    "cuda": "errors#error-cuda",
    "retain_graph": "errors#error-twice",
    "weights_only": "errors#error-weights-only",
    "figure not showing": "install#without-a-display",
    "colab": "install#on-colab",
    "windows": "install#on-windows",
    "macos": "install#on-macos",
    "jupyter": "install#the-package",
    "install": "install",
    "resize_ past the end": "silent#silent-resize",
    "softmax before CrossEntropyLoss": "silent#silent-loss",
    "forgotten eval": "silent#silent-eval",
    "num_workers": "questions#should-i-set-num-workers",
    "NLLLoss": "questions#nllloss-or-crossentropyloss",
    "nn.Flatten": "questions#view-reshape-or-flatten",
    "zero_grad": "questions#why-optimizer-zero-grad",
    "loss not decreasing": "questions#why-does-my-loss-not-fall",
    "network does not learn": "questions#why-does-my-loss-not-fall",
    "reproducible": "questions#why-does-my-accuracy-differ-from-that-on-the-page",
    "gpu": "questions#do-i-need-a-gpu",
    "offline": "questions#do-i-need-a-network-connection",
    "internet": "questions#do-i-need-a-network-connection",
    "license": "questions#under-which-licence-may-i-use-it",
    "licence": "questions#under-which-licence-may-i-use-it",
    "cite": "questions#how-do-i-cite-it",
    "bug": "questions#i-have-found-a-mistake-whom-do-i-tell",
    "mnist": "questions#where-do-the-digits-come-from",
    "cnn": "questions#what-should-i-learn-next",
    "neuron": "glossary#term-neuron",
    "neurons": "glossary#term-neuron",
    "overfitting": "glossary#term-overfitting",
    "overfit": "glossary#term-overfitting",
    "learning rate": "glossary#term-learning-rate",
    "optimizers": "glossary#term-optimizer",
    "dropout": "glossary#term-dropout",
    "gradient": "glossary#term-gradient",
    "backprop": "glossary#term-backpropagation",
    "mini-batch": "glossary#term-minibatch",
    "epochs": "glossary#term-epoch",
    "bias": "glossary#term-bias",
    "softmax": "glossary#term-softmax",
    "relu": "glossary#term-ReLU",
    "tensor": "glossary#term-tensor",
    "normalize": "glossary#term-normalise",
    "loss function": "glossary#term-loss",
    "cross entropy": "glossary#term-cross-entropy",
    "activation functions": "glossary#term-activation-function",
    "hyperparameters": "glossary#term-hyperparameter",
    "weight": "glossary#term-weight",
    "training loop": "lesson/12_training",
    "save model": "lesson/12_training",
    "prediction": "lesson/10_forward",
    "OrderedDict": "lesson/08_sequential",
}

NOWHERE = [
    "nowherefound",
    "kubernetes",
    "blockchain wallet",
    "how to bake bread",
    "TypeError: xyzzy",
]
WORDLESS = [
    "/home/ann/mnist/net.py",
    "C:\\Users\\Ann\\net.py",
    "%",
    "(",
    "()",
    "...",
    "1797",
    "28 28",
    "[64, 784]",
    "the",
]

SEARCH_WORDS = ROOT / "docs" / "_ext" / "lesson_site" / "html" / "search_words.toml"
ANCHORS = re.findall(
    r"^\((error-.+)\)=$", (ROOT / "docs/errors.md").read_text("utf-8"), re.MULTILINE
)


def listen(tab: Page) -> list[str]:
    """Return the list that fills with what the page complains of."""
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("requestfailed", lambda request: complaints.append(request.url))
    return complaints


@pytest.fixture(scope="module")
def first(browser: Browser, base: str) -> Iterator[Callable[[Iterable[str]], dict[str, str]]]:
    """Return a function that searches for texts on one page, and tells the first result of each.

    Where there is none, it tells what the page says.
    """
    with opened(browser, f"{base}search.html?q=begin") as tab:
        tab.get_by_text("Search finished").wait_for()

        def search(queries: Iterable[str]) -> dict[str, str]:
            told: dict[str, str] = tab.evaluate(FIRST_RESULTS, list(queries))
            return told

        yield search


FIRST_RESULTS = """
(queries) => Object.fromEntries(queries.map((query) => {
  const results = document.getElementById("search-results");
  results.replaceChildren();
  Search.performSearch(query);
  const link = results.querySelector("li a");
  return [query, link?.getAttribute("href") ?? results.querySelector("p").innerText];
}))
"""


def test_there_are_enough() -> None:
    assert len(MESSAGES) >= 60
    assert len(WORDS) >= 40
    # A negative loss has no message.
    with_message = {f"errors#{anchor}" for anchor in ANCHORS} - {"errors#error-negative-loss"}
    assert with_message <= set(MESSAGES.values())


def test_each_query_leads_to_its_entry_first(
    first: Callable[[Iterable[str]], dict[str, str]],
) -> None:
    expected = {
        query: ".html#".join(place.split("#")) if "#" in place else f"{place}.html"
        for query, place in (MESSAGES | WORDS).items()
    }
    assert first(expected) == expected


def test_what_is_nowhere_is_not_found(first: Callable[[Iterable[str]], dict[str, str]]) -> None:
    for query, told in first(NOWHERE).items():
        assert told.startswith("Your search did not match any documents"), (query, told)


def test_a_query_without_words_says_so(first: Callable[[Iterable[str]], dict[str, str]]) -> None:
    for query, told in first(WORDLESS).items():
        assert told.startswith("No word of your query counts"), (query, told)


def test_other_words_lead_to_places_that_exist() -> None:
    for name, places in tomllib.loads(SEARCH_WORDS.read_text(encoding="utf-8")).items():
        for anchor in filter(None, places):
            assert page(f"{name}.html").find(id=anchor), f"{name}.html#{anchor}"


@pytest.mark.parametrize(
    ("query", "anchor"),
    [
        ("RuntimeError: shape '[64, 784]' is invalid for input of size 9", "error-view-size"),
        ("forgotten eval", "silent-eval"),
    ],
)
def test_a_message_leads_to_its_entry(browser: Browser, base: str, query: str, anchor: str) -> None:
    tab = browser.new_page()
    complaints = listen(tab)
    tab.goto(f"{base}search.html?q={quote_plus(query)}")
    tab.get_by_text("Search finished").wait_for()

    first = tab.locator("#search-results li a").first
    name = "errors" if anchor.startswith("error-") else "silent"
    assert first.get_attribute("href") == f"{name}.html#{anchor}"
    tab.wait_for_load_state("networkidle")
    # The sentences with which the entry begins, from a folder too.
    told = tab.locator("#search-results li p.context").first.inner_text()
    prose = page(f"{name}.html").select_one(f"section:has(> #{anchor}), section#{anchor}")
    assert prose is not None
    assert told.rstrip("…") in " ".join(prose.get_text().split())

    first.click()
    tab.wait_for_url(f"{base}{name}.html#{anchor}")
    assert tab.locator(f"#{anchor} h3").is_visible()
    assert complaints == []
    tab.close()


def test_results_are_shown_by_kind_under_one_title(browser: Browser, base: str) -> None:
    with opened(browser, f"{base}search.html?q=softmax") as tab:
        tab.get_by_text("Search finished").wait_for()
        assert tab.locator("h1").all_inner_texts() == ["Search"]
        kinds = tab.locator("#search-results h2").all_inner_texts()
        assert len(set(kinds)) == len(kinds) > 3
        assert kinds[0] == "Terms", "the kind of the best result first"
        steps = tab.locator("h2:text-is('Steps') + ul a").evaluate_all(
            "all => all.map(a => a.pathname)"
        )
        assert steps
        assert all("/lesson/" in step for step in steps)


PASTED = """messages => messages.map((message) => {
    const field = document.getElementById("filter");
    field.value = message;
    field.dispatchEvent(new Event("input"));
    const shown = [...document.querySelectorAll("article section section > h3")];
    const anchors = [...document.querySelectorAll("article li > p > a[href^='#error-']")];
    return [
        anchors.filter((link) => link.checkVisibility()).map((link) => link.hash.slice(1)),
        shown.filter((heading) => heading.checkVisibility()).length,
    ];
})"""


def test_a_pasted_message_leaves_its_entry_and_few_others(browser: Browser, base: str) -> None:
    pasted = {m: place[7:] for m, place in MESSAGES.items() if place.startswith("errors#")}
    with opened(browser, f"{base}errors.html") as tab:
        found = tab.evaluate(PASTED, [*pasted])
        for (message, anchor), (anchors, sections) in zip(pasted.items(), found, strict=True):
            assert anchor in anchors, message
            assert len(anchors) == sections <= 8, (message, anchors)
        tab.fill("#filter", "")
        assert tab.locator("article section section > h3:visible").count() == len(ANCHORS)
        tab.fill("#filter", "how to bake bread")
        expect(tab.locator("#filter-told")).to_contain_text("No entry fits")


def test_a_search_begins_on_any_page(browser: Browser, base: str) -> None:
    tab = browser.new_page(viewport={"width": 1280, "height": 800})
    complaints = listen(tab)
    tab.goto(f"{base}lesson/04_softmax.html")
    tab.get_by_role("textbox", name="Search").fill("Dimension out of range")
    tab.keyboard.press("Enter")
    tab.get_by_text("Search finished").wait_for()
    first = tab.locator("#search-results li a").first
    assert first.get_attribute("href") == "errors.html#error-dim"
    assert complaints == []
    tab.close()


def test_a_short_query_is_not_answered_by_headings_alone(browser: Browser, base: str) -> None:
    tab = browser.new_page()
    complaints = listen(tab)
    for query, step in (("flatten", "02_flatten"), ("broadcasting", "03_raw_mlp")):
        tab.goto(f"{base}search.html?q={query}")
        tab.get_by_text("Search finished").wait_for()
        links = tab.locator("#search-results li a")
        found = [str(link.get_attribute("href")).partition("#")[0] for link in links.all()]
        assert f"lesson/{step}.html" in found[:5]
    assert complaints == []
    tab.close()


def test_words_of_the_text_are_found_too(browser: Browser, base: str) -> None:
    tab = browser.new_page()
    complaints = listen(tab)
    tab.goto(f"{base}search.html?q=hyperbolic+tangent")
    tab.get_by_text("Search finished").wait_for()
    links = tab.locator("#search-results li a").evaluate_all("all => all.map(a => a.pathname)")
    assert any(link.endswith("lesson/07_activations.html") for link in links)
    tab.wait_for_load_state("networkidle")  # or leaving the page breaks off what it still asks for
    tab.goto(f"{base}search.html?q=nowherefound")
    tab.get_by_text("did not match any documents").wait_for()
    assert complaints == []
    tab.close()
