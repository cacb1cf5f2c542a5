# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Values of people and organisations, limits, and how names and addresses are checked. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from charta.errors import InvalidInput
from charta.permissions import Actor, Role

NAME_MAX = 120
EMAIL_MAX = 254
PASSWORD_MIN = 10
PASSWORD_MAX = 200
LOCALES = ("de", "en")
SESSION_LIFETIME = timedelta(days=30)
LAST_SEEN_STEP = timedelta(minutes=1)


class Group(StrEnum):
    """The stakeholder group of an organisation."""

    COMPANY = "company"
    EMPLOYEES = "employees"
    SCIENCE = "science"
    EDUCATION = "education"
    YOUTH = "youth"
    ADMINISTRATION = "administration"
    CHAMBER = "chamber"
    UNION = "union"
    LABOUR_ADMINISTRATION = "labour_administration"
    CONTRACTOR = "contractor"
    OTHER = "other"


class Voting(StrEnum):
    """How a person acts in the partners' ballots."""

    NONE = "none"
    MEMBER = "member"
    DEPUTY = "deputy"


class PublicName(StrEnum):
    """What the public reads beside what a person wrote."""

    NONE = "none"
    ORGANISATION = "organisation"
    NAME = "name"


class TokenPurpose(StrEnum):
    """What a token opens; each purpose has a lifetime."""

    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"  # noqa: S105 -- the name of a purpose
    EMAIL_CHANGE = "email_change"


TOKEN_LIFETIME = {
    TokenPurpose.INVITATION: timedelta(days=30),
    TokenPurpose.PASSWORD_RESET: timedelta(hours=2),
    TokenPurpose.EMAIL_CHANGE: timedelta(hours=24),
}


class LinkState(StrEnum):
    """What became of a link that was sent by mail."""

    USABLE = "usable"
    USED = "used"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


# Who can be given a role; a reader needs no account.
ROLES_WITH_ACCOUNT = tuple(role for role in Role if role is not Role.READER)

# Reset mails to one account within an hour: more would only fill somebody's inbox.
RESET_MAILS_PER_HOUR = 5
# Addresses one account may name as its own within an hour: nobody writes to strangers through us.
CHANGE_MAILS_PER_HOUR = 10

_INVISIBLE = {"Cf", "Cc", "Cs", "Co", "Cn", "Zl", "Zp"}


def clean_name(raw: str, *, field: str = "name", limit: int = NAME_MAX) -> str:
    """Return a name in NFC on one line without invisible or direction characters.

    Raises `InvalidInput` (codes required, too_long, mixed_scripts).
    """
    name = unicodedata.normalize("NFC", raw)
    name = "".join(char for char in name if unicodedata.category(char) not in _INVISIBLE or char in "\t\n")
    name = re.sub(r"\s+", " ", name).strip()
    if not name:
        raise InvalidInput(field, "required")
    if len(name) > limit:
        raise InvalidInput(field, "too_long", limit=limit, length=len(name))
    for word in re.findall(r"[^\W\d_]+", name):
        if len({_script(char) for char in word} - {"COMMON"}) > 1:
            raise InvalidInput(field, "mixed_scripts", word=word)
    return name


def _script(char: str) -> str:
    if unicodedata.combining(char):
        return "COMMON"
    script = unicodedata.name(char, "COMMON").split(" ")[0]
    return script if script in {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"} else "COMMON"


def clean_email(raw: str) -> str:
    """Return the address in the one form it is stored and compared in: trimmed, NFC, lower case.

    Only what a header could be broken with is refused here; the form checks the syntax.
    Raises `InvalidInput` (codes required, too_long, invalid).
    """
    email = unicodedata.normalize("NFC", raw).strip().lower()
    if not email:
        raise InvalidInput("email", "required")
    if len(email) > EMAIL_MAX:
        raise InvalidInput("email", "too_long", limit=EMAIL_MAX, length=len(email))
    if not re.fullmatch(r"[^\s@<>,;:\"()\\\[\]\x00-\x1f]+@[^\s@<>,;:\"()\\\[\]\x00-\x1f]+", email):
        raise InvalidInput("email", "invalid")
    return email


def check_password(password: str, *, email: str = "") -> None:
    """Raise `InvalidInput` unless the password is long enough and not the address itself."""
    if len(password) < PASSWORD_MIN:
        raise InvalidInput("password", "too_short", minimum=PASSWORD_MIN, length=len(password))
    if len(password) > PASSWORD_MAX:
        raise InvalidInput("password", "too_long", limit=PASSWORD_MAX, length=len(password))
    if email and password.lower() in {email, email.partition("@")[0]}:
        raise InvalidInput("password", "like_email")


def check_membership(role: Role, *, has_organisation: bool, is_partner: bool, voting: Voting) -> None:
    """Raise `InvalidInput` unless role, organisation and voting right fit each other."""
    if role is Role.READER:
        raise InvalidInput("role", "invalid")
    if role is Role.PARTNER and not has_organisation:
        raise InvalidInput("organisation_id", "organisation_required")
    if voting is not Voting.NONE and not (role is Role.PARTNER and is_partner):
        raise InvalidInput("voting", "partners_only")


_BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def device(user_agent: str) -> str:
    """Return „Firefox, Windows“ from what a browser says about itself, empty when it says nothing known."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    return ", ".join(part for part in (browser, system) if part)


@dataclass(frozen=True, slots=True)
class Byline:
    """Who wrote something, as this viewer may read it; only the role is always known."""

    role: Role
    name: str = ""
    organisation_short: str = ""
    organisation_name: str = ""
    is_self: bool = False


def byline(
    viewer: Actor,
    *,
    person_id: int,
    name: str,
    role: Role,
    public_name: PublicName,
    organisation_short: str,
    organisation_name: str,
) -> Byline:
    """Return who is shown beside a text.

    People who act for a partner or for the house are always named; of attendees only what they chose, except
    to moderators and to themselves.
    """
    is_self = viewer.id == person_id
    sees_all = viewer.role is Role.MODERATOR or is_self or role is not Role.ATTENDEE
    shows_name = sees_all or public_name is PublicName.NAME
    shows_organisation = sees_all or public_name is not PublicName.NONE
    return Byline(
        role=role,
        name=name if shows_name else "",
        organisation_short=organisation_short if shows_organisation else "",
        organisation_name=organisation_name if shows_organisation else "",
        is_self=is_self,
    )
