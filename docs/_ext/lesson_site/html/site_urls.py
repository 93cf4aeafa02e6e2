"""Where the site is, and its repository: what ``conf.py`` was told, checked.

No address is invented. ``html_baseurl`` is the site's, and ``repository`` that of its repository on
GitHub; each may be empty.
"""

import re

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError


def check(_app: Sphinx, config: Config) -> None:
    """Refuse what is neither empty nor an address; let each end as the rest of the code expects."""
    site, repository = config.html_baseurl, config.repository.rstrip("/")
    if site and not re.fullmatch(r"https?://[^\s?#]+", site):
        raise ConfigError(f"MNISTLESSON_SITE is no web address: {site}")
    if repository and not re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+", repository):
        wanted = "https://github.com/OWNER/NAME"
        raise ConfigError(f"MNISTLESSON_REPOSITORY is not {wanted}: {repository}")
    config.html_baseurl = config.wheel_folder = site and site.rstrip("/") + "/"
    config.repository = config.html_context["repository"] = repository


def places(config: Config) -> list[str]:
    """Return the addresses of folders that hold the wheel: the site, and the published branch."""
    branch = config.repository and f"{config.repository}/raw/notebooks/"
    return [place for place in (config.html_baseurl, branch) if place]


def setup(app: Sphinx) -> None:
    """Check them before anything reads them."""
    app.add_config_value("repository", "", "html", str)
    app.add_config_value("wheel_folder", "", "env", str)  # html_baseurl, for what is read
    app.connect("config-inited", check, priority=1)
