# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands about fields of action."""

from sqlalchemy import select

from charta.accounts import service as accounts
from charta.accounts.models import Organisation
from charta.activity import service as activity
from charta.db import transaction
from charta.errors import InvalidInput
from charta.fields.models import FieldOfAction
from charta.fields.rules import (
    DESCRIPTION_MAX,
    NAME_MAX,
    SHORT_NAME_MAX,
    check_number,
    check_slug,
    clean_text,
)
from charta.permissions import Actor, Permission, require


def create_field(
    actor: Actor,
    *,
    number: int,
    slug: str,
    name: str,
    short_name: str = "",
    description: str = "",
    lead_organisation_id: int | None = None,
) -> int:
    """Make a field of action and return its id; an empty `short_name` means the name itself.

    Raises `InvalidInput` (number, slug: invalid, taken; name: required, too_long; lead_organisation_id:
    not_found).
    """
    check_number(number)
    check_slug(slug)
    clean_name = clean_text(name, "name", NAME_MAX)
    clean_short = clean_text(short_name or name, "short_name", SHORT_NAME_MAX)
    clean_description = clean_text(description, "description", DESCRIPTION_MAX, required=False)
    with transaction() as tx:
        actor = accounts.reread(tx, actor)
        require(actor, Permission.MANAGE_SITE)
        same = tx.session.scalars(
            select(FieldOfAction).where((FieldOfAction.number == number) | (FieldOfAction.slug == slug))
        ).first()
        if same is not None:
            raise InvalidInput("number" if same.number == number else "slug", "taken")
        if lead_organisation_id is not None and tx.session.get(Organisation, lead_organisation_id) is None:
            raise InvalidInput("lead_organisation_id", "not_found")
        created = FieldOfAction(
            number=number,
            slug=slug,
            name=clean_name,
            short_name=clean_short,
            description=clean_description,
            lead_organisation_id=lead_organisation_id,
        )
        tx.session.add(created)
        tx.session.flush()
        activity.record(tx, actor, "create_field", "field", created.id, number=number)
        return created.id
