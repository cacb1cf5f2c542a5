# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""axe on the pages in German that `test_axe_german` leaves out."""

import pytest

from tests.browser import axe
from tests.browser.conftest import Site, Visit


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_other_pages_pass_axe_in_german(read_only_site: Site, visit: Visit) -> None:
    axe.check_every_page(read_only_site, visit, "de", part=(1, 2))
