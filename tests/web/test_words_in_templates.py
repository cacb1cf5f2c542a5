# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Our own gettext in templates does what Jinja's does: languages, escaping, plural, percent signs."""

from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.support import Translations
from flask import Flask, g
from flask_babel import Domain, force_locale, get_domain


def rendered(app: Flask, source: str, **values: object) -> str:
    return app.jinja_env.from_string(source).render(**values)


@pytest.fixture
def english(app: Flask, tmp_path) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """Catalogues of a few words of this test."""
    catalogue = Catalog(locale="en")
    catalogue.add("Hallo", "Hello")
    catalogue.add("Hallo %(name)s", "Hello %(name)s", flags=["python-format"])
    catalogue.add(("%(num)s Vorschlag", "%(num)s Vorschläge"), ("%(num)s proposal", "%(num)s proposals"))
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    assert Translations.load(str(tmp_path), ["en"]).gettext("Hallo") == "Hello"
    with app.test_request_context("/"):
        Domain(translation_directories=[str(tmp_path)]).as_default()
        assert get_domain().translation_directories == [str(tmp_path)]
        yield


def test_german_is_the_language_of_the_source(app: Flask) -> None:
    with app.test_request_context("/"):
        assert rendered(app, "{{ _('Hallo') }}") == "Hallo"


def test_a_language_is_followed_when_it_changes_within_a_page(app: Flask, english: None) -> None:
    """Mails are written in the language of who gets them, in the middle of whatever the worker does."""
    source = "{{ _('Hallo') }}"
    assert rendered(app, source) == "Hallo"
    with force_locale("en"):
        assert rendered(app, source) == "Hello"
        with force_locale("de"):
            assert rendered(app, source) == "Hallo"
        assert rendered(app, source) == "Hello"
    assert rendered(app, source) == "Hallo"
    assert "catalogue" in g


def test_values_are_escaped_and_words_are_not(app: Flask, english: None) -> None:
    app.jinja_env.autoescape = True
    for source in (
        "{{ _('Hallo %(name)s', name=name) }}",
        "{% trans %}Hallo {{ name }}{% endtrans %}",
        "{% trans name=name %}Hallo {{ name }}{% endtrans %}",
    ):
        assert rendered(app, source, name="<b>") == "Hallo &lt;b&gt;", source
        with force_locale("en"):
            assert rendered(app, source, name="<b>") == "Hello &lt;b&gt;", source
    assert rendered(app, "{{ _('„<em>Wort</em>“') }}") == "„<em>Wort</em>“"


def test_numbers_choose_their_form(app: Flask, english: None) -> None:
    source = "{% trans count=n %}{{ count }} Vorschlag{% pluralize %}{{ count }} Vorschläge{% endtrans %}"
    called = "{{ ngettext('%(num)s Vorschlag', '%(num)s Vorschläge', n) }}"
    assert [rendered(app, called, n=n) for n in (1, 3)] == ["1 Vorschlag", "3 Vorschläge"]
    assert [rendered(app, source, n=n) for n in (1, 3)] == ["1 Vorschlag", "3 Vorschläge"]
    with force_locale("en"):
        assert [rendered(app, called, n=n) for n in (1, 3)] == ["1 proposal", "3 proposals"]


def test_a_percent_sign_is_one_percent_sign(app: Flask) -> None:
    with app.test_request_context("/"):
        assert rendered(app, "{{ _('100 %%') }}") == "100 %"
        assert rendered(app, "{% trans %}40 % weniger{% endtrans %}") == "40 % weniger"
        assert rendered(app, "{{ _('%(n)s %%', n=40) }}") == "40 %"


def test_outside_of_a_page_words_are_german(app: Flask) -> None:
    assert rendered(app, "{{ _('Hallo') }}") == "Hallo"
