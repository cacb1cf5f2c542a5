# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Shapes of the forms around the account; rules stand in `rules.py`."""

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, PasswordField, RadioField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from charta.accounts.rules import EMAIL_MAX, LOCALES, PASSWORD_MAX, PublicName
from charta.web import i18n
from charta.web.choices import choice
from charta.web.forms import Form


def looks_like_email(_form: object, field: Field) -> None:
    """Refuse what cannot be an address; whether it exists only a mail can tell."""
    try:
        validate_email((field.data or "").strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValidationError(_("Das ist keine vollständige E-Mail-Adresse.")) from error


class SignInForm(Form):
    """E-mail and password."""

    email = StringField(_l("E-Mail-Adresse"), validators=[DataRequired(), Length(max=EMAIL_MAX)])
    password = PasswordField(_l("Passwort"), validators=[DataRequired(), Length(max=PASSWORD_MAX)])
    weiter = HiddenField()


class InvitationForm(Form):
    """Name and password of somebody who joins; the rules judge the length."""

    name = StringField(_l("Ihr Name"), validators=[DataRequired()])
    password = PasswordField(_l("Passwort"), validators=[DataRequired()])


class ForgotPasswordForm(Form):
    """The address of an account, whether it exists or not."""

    email = StringField(_l("E-Mail-Adresse"), validators=[DataRequired(), looks_like_email])


class NewPasswordForm(Form):
    """A new password, by the link of a mail."""

    password = PasswordField(_l("Neues Passwort"), validators=[DataRequired()])


class PlainForm(Form):
    """Nothing but the token against forged requests: a button."""


class ProfileForm(Form):
    """What others read about a person, and the language."""

    name = StringField(_l("Ihr Name"), validators=[DataRequired()])
    public_name = RadioField(
        _l("Was die Öffentlichkeit neben Ihren Texten liest"),
        choices=[
            choice(PublicName.NONE.value, _l("Keinen Namen")),
            choice(PublicName.ORGANISATION.value, _l("Meine Organisation")),
            choice(PublicName.NAME.value, _l("Meinen Namen und meine Organisation")),
        ],
        validators=[DataRequired()],
    )
    locale = RadioField(
        _l("Sprache der Seiten und Nachrichten"),
        choices=[choice(code, i18n.LOCALES[code]) for code in LOCALES],
        validators=[DataRequired()],
    )


class EmailForm(Form):
    """A new address, with the password as proof."""

    email = StringField(_l("Neue E-Mail-Adresse"), validators=[DataRequired(), looks_like_email])
    password = PasswordField(_l("Ihr Passwort"), validators=[DataRequired()])


class ChangePasswordForm(Form):
    """The present and the new password."""

    current = PasswordField(_l("Bisheriges Passwort"), validators=[DataRequired()])
    password = PasswordField(_l("Neues Passwort"), validators=[DataRequired()])


class AddressForm(Form):
    """The address of an account that has none yet."""

    email = StringField(_l("E-Mail-Adresse"), validators=[DataRequired(), looks_like_email])
