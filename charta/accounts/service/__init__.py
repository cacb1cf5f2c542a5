# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands about one's own account, and the shared steps: sessions, tokens, making people and organisations.

Commands that come by a link of a mail stand in `links.py`, those of the administration in `people.py`.
"""

from charta.accounts.service.making import (
    add_person,
    create_first_administrator,
    create_organisation,
    create_person,
    new_person,
    record_new_person,
)
from charta.accounts.service.own import change_password, change_profile, set_first_password, set_locale
from charta.accounts.service.sessions import (
    end_session,
    end_sessions,
    open_session,
    reread,
    seen,
    sign_out,
    sign_out_everywhere,
)
from charta.accounts.service.signing_in import sign_in
from charta.accounts.service.throttling import check_throttle, throttle_key
from charta.accounts.service.tokens import end_tokens, make_token

__all__ = [
    "add_person",
    "change_password",
    "change_profile",
    "check_throttle",
    "create_first_administrator",
    "create_organisation",
    "create_person",
    "end_session",
    "end_sessions",
    "end_tokens",
    "make_token",
    "new_person",
    "open_session",
    "record_new_person",
    "reread",
    "seen",
    "set_first_password",
    "set_locale",
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
    "throttle_key",
]
