# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""axe on every page in English, in the look that longer words break first."""

import pytest

from tests.browser import axe
from tests.browser.conftest import Site, Visit


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_page_passes_axe_in_english(read_only_site: Site, visit: Visit) -> None:
    axe.check_every_page(read_only_site, visit, "en", looks=axe.OTHER_WORDS)
