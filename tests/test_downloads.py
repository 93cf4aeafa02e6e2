"""What the site offers for download: each runs where nothing but its needs is installed."""

import re
import shutil
import zipfile
from pathlib import Path

import nbformat
import pytest
from mnistlesson.check import EXERCISES
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser

from lesson_site.downloads import notebooks, zip_files
from support.fresh import Fresh
from support.site import ROOT, SITE, STEPS
from support.site import page as parsed

WHEEL = next(SITE.glob("*.whl"))
PLACES = {
    **{step.stem: ROOT / "docs" / "lesson" / f"{step.stem}.ipynb" for step in STEPS},
    **{name: ROOT / "docs" / "downloads" / f"{name}.ipynb" for name in EXERCISES},
}

offered = pytest.mark.parametrize("name", PLACES)


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    """Unpack the archive of all steps into an empty folder, and return what it holds."""
    with zipfile.ZipFile(SITE / "lesson.zip") as archive:
        archive.extractall(tmp_path)
    return tmp_path / "lesson"


def read(name: str) -> nbformat.NotebookNode:
    """Return a notebook that the site offers."""
    notebook: nbformat.NotebookNode = nbformat.read(PLACES[name], as_version=4)
    return notebook


def installed(fresh: Fresh, folder: Path) -> bool:
    """Tell whether the package is installed in an environment."""
    found = "from importlib.util import find_spec; print(find_spec('mnistlesson') is not None)"
    return fresh.run("-c", found, cwd=folder) == "True\n"


def first_cells(fresh: Fresh, code: str, folder: Path) -> str:
    """Run a first cell and then an import; return where the package was found."""
    imports = new_code_cell("import mnistlesson.data\nprint(mnistlesson.__file__)")
    executed = fresh.execute(new_notebook(cells=[new_code_cell(code), imports]), folder)
    return str(executed.cells[1].outputs[0].text)


@pytest.mark.slow
def test_the_unpacked_folder_works_offline(lesson: Path, fresh: Fresh) -> None:
    before = sorted(lesson.iterdir())
    assert not installed(fresh, lesson)
    # The notebook installs the package; a script finds it then.
    executed = fresh.execute(lesson / "04_softmax.ipynb", lesson)
    assert "sample of MNIST" in str(executed.cells)
    assert fresh.run("05_module.py", cwd=lesson, MPLBACKEND="agg")
    assert sorted(lesson.iterdir()) == before


@pytest.mark.slow
def test_the_archive_of_a_step_is_enough(tmp_path: Path, fresh: Fresh) -> None:
    with zipfile.ZipFile(next(SITE.glob("_downloads/*/01_digits.zip"))) as archive:
        archive.extractall(tmp_path)
    fresh.run("-m", "pip", "install", WHEEL.name, cwd=tmp_path)
    assert "sample of MNIST" in fresh.run("01_digits.py", cwd=tmp_path, MPLBACKEND="agg")


def test_all_steps_are_in_the_archive(lesson: Path) -> None:
    names = {path.name for path in lesson.iterdir()}
    expected = {step.stem + end for step in STEPS for end in (".py", ".ipynb")}
    expected |= {f"{name}.ipynb" for name in EXERCISES} | {"exercises.py", WHEEL.name}
    assert names == expected | {"README.txt", "requirements.txt", "runtime.txt"}
    assert WHEEL.name in (lesson / "README.txt").read_text(encoding="utf-8")
    pins = (lesson / "requirements.txt").read_text(encoding="utf-8").splitlines()[1:]
    assert {pin.split("==")[0] for pin in pins} == {"matplotlib", "numpy", "torch", "torchvision"}


@pytest.mark.slow
def test_the_wheel_installs_from_the_site(served: str, tmp_path: Path, fresh: Fresh) -> None:
    fresh.run("-m", "pip", "install", served + WHEEL.name, cwd=tmp_path)
    assert "6,048 to train" in fresh.run("-m", "mnistlesson", cwd=tmp_path)


@pytest.mark.slow
def test_a_first_cell_installs_from_the_site(served: str, tmp_path: Path, fresh: Fresh) -> None:
    code = notebooks.first_cell(WHEEL.name, [served, "http://127.0.0.1:1/"])
    assert first_cells(fresh, code, tmp_path).startswith(str(fresh.packages))


@pytest.mark.slow
def test_a_first_cell_prefers_the_wheel_beside_it(tmp_path: Path, fresh: Fresh) -> None:
    shutil.copy(WHEEL, tmp_path)
    code = notebooks.first_cell(WHEEL.name, ["http://127.0.0.1:1/"])
    assert first_cells(fresh, code, tmp_path).startswith(str(fresh.packages))


@pytest.mark.slow
def test_a_first_cell_leaves_what_is_installed(tmp_path: Path, fresh: Fresh) -> None:
    # As a checkout is installed: another version, found through the path.
    checkout = tmp_path / "checkout" / "mnistlesson"
    checkout.mkdir(parents=True)
    (checkout / "__init__.py").touch()
    (checkout / "data.py").touch()
    (fresh.packages / "_checkout.pth").write_text(str(checkout.parent))
    shutil.copy(WHEEL, tmp_path)
    code = read("01_digits").cells[0].source
    assert first_cells(fresh, code, tmp_path) == f"{checkout / '__init__.py'}\n"


@offered
def test_first_cell_is_the_one_that_installs(name: str) -> None:
    # Of all notebooks the same: the tests above run it.
    first, *others = read(name).cells
    assert first.source == read("01_digits").cells[0].source
    assert f'"{WHEEL.name}"' in first.source
    assert not [cell for cell in others if "%pip" in cell.source]


@offered
def test_lists_and_pictures_show_in_every_front_end(name: str) -> None:
    for cell in read(name).cells:
        if cell.cell_type != "markdown":
            continue
        lines = cell.source.splitlines()
        for before, line in zip(["", *lines], lines, strict=False):
            starts = re.match(r"\s*([-*+]|\d+[.)])\s", line)
            follows = re.match(r"\s*([-*+]|\d+[.)])\s|\s{2,}\S", before)
            assert not starts or not before.strip() or follows, f"{before}\n{line}"
        # A picture has to come with the notebook.
        sources = re.findall(r"!\[[^]]*\]\(([^)]*)\)|src=\"([^\"]*)\"", cell.source)
        assert [s for pair in sources for s in pair if s and not s.startswith("data:")] == []


def test_bytes_depend_on_the_files_alone(tmp_path: Path) -> None:
    files = {"b.py": b"1\n" * 1000, "a/c.whl": b"2"}
    zip_files.pack(tmp_path / "one.zip", files)
    zip_files.pack(tmp_path / "two.zip", dict(reversed(files.items())))
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    for archive in (*SITE.glob("*.zip"), *SITE.glob("_downloads/*/*.zip")):
        with zipfile.ZipFile(archive) as packed:
            assert {entry.date_time[0] for entry in packed.infolist()} == {1980}, archive


@pytest.mark.parametrize("page", ["index.html", "install.html"])
def test_home_and_install_offer_everything(page: str) -> None:
    links = {str(link["href"]) for link in parsed(page).select("article a[href]")}
    assert {"lesson.zip", WHEEL.name, "site.zip"} <= links


def test_the_whole_site_works_unpacked(tmp_path: Path, browser: Browser) -> None:
    with zipfile.ZipFile(SITE / "site.zip") as archive:
        archive.extractall(tmp_path)
    site = tmp_path / "site"
    # All that is there, but for the archive itself and what only Sphinx reads.
    assert set(zip_files.folder(site)) == set(zip_files.folder(SITE)) - {"site.zip"}
    tab = browser.new_page()
    failed: list[str] = []
    tab.on("requestfailed", lambda request: failed.append(request.url))
    tab.on("pageerror", lambda error: failed.append(str(error)))
    tab.goto(f"{site.as_uri()}/index.html")
    assert tab.locator("a[href='lesson.zip']").count() == 1
    assert tab.locator("a[href='site.zip']").count() == 0
    tab.locator("article ul.steps a").first.click()
    tab.wait_for_url("**/lesson/01_digits.html")
    assert tab.locator("h1").inner_text().startswith("1. Load the digits")
    assert failed == []
    tab.goto(f"{site.as_uri()}/search.html?q=softmax")
    tab.locator("#search-results li a").first.wait_for()
    tab.close()
