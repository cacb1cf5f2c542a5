# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""`python -m charta.smoke`."""

import sys

from charta.smoke import main

sys.exit(main())
