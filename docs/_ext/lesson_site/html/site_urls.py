"""Where the site is, and its repository: what ``conf.py`` was told, checked.

No address is invented. ``html_baseurl`` is the site's, and ``repository`` that of its repository on
GitHub; each may be empty.
"""

import re

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

BRANCH = "notebooks"
"""The branch that holds the unpacked ``lesson.zip``: publishing the site replaces it."""


def check(_app: Sphinx, config: Config) -> None:
    """Refuse what is no address, and let each end as the rest of the code expects.

    Raises:
        ConfigError: If one is neither empty nor an address of its kind.
    """
    site, repository = config.html_baseurl, config.repository.rstrip("/")
    if site and not re.fullmatch(r"https?://[^\s?#]+", site):
        raise ConfigError(f"MNISTLESSON_SITE is no web address: {site}")
    if repository and not re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+", repository):
        wanted = "https://github.com/OWNER/NAME"
        raise ConfigError(f"MNISTLESSON_REPOSITORY is not {wanted}: {repository}")
    config.html_baseurl = config.offered_at = site and site.rstrip("/") + "/"
    config.repository = repository


def places(config: Config) -> list[str]:
    """Return the addresses of folders, or of a branch, that hold the wheel: at most two."""
    branch = config.repository and f"{config.repository}/raw/{BRANCH}/"
    return [place for place in (config.html_baseurl, branch) if place]


def launchers(config: Config, notebook: str) -> dict[str, str]:
    """Return where a notebook of the branch can be run: a name and a link for each."""
    if not config.repository:
        return {}
    name = config.repository.removeprefix("https://github.com/")
    return {
        "Colab": f"https://colab.research.google.com/github/{name}/blob/{BRANCH}/{notebook}",
        "Binder": f"https://mybinder.org/v2/gh/{name}/{BRANCH}?labpath={notebook}",
    }


def setup(app: Sphinx) -> None:
    """Check them before anything reads them."""
    app.add_config_value("repository", "", "html", str)
    app.add_config_value("offered_at", "", "env", str)  # html_baseurl, for what is read
    app.connect("config-inited", check, priority=1)
