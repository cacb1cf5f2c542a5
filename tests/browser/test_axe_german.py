# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""axe on every second page in German; the rest is another file, so that two processes share the work."""

import pytest

from tests.browser import axe
from tests.browser.conftest import Site, Visit


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_second_page_passes_axe_in_german(read_only_site: Site, visit: Visit) -> None:
    axe.check_every_page(read_only_site, visit, "de", part=(0, 2))
