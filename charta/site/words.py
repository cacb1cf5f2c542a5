# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The words for pages of the installation."""

from flask_babel import gettext as _


def page_titles() -> dict[str, str]:
    """Return what the pages are called until they have a title of their own."""
    return {
        "ueber-uns": _("Über uns"),
        "kontakt": _("Kontakt"),
        "impressum": _("Impressum"),
        "datenschutz": _("Datenschutz"),
        "barrierefreiheit": _("Barrierefreiheit"),
    }
