# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Differences of German texts as a reader would mark them; every row was read by a person.

[-removed-] and {+added+}; both texts of a case are read from its one line.
"""

import re

import pytest

from charta.text.diff import word_diff

_REMOVED = re.compile(r"\[-(.*?)-\]", re.DOTALL)
_ADDED = re.compile(r"\{\+(.*?)\+\}", re.DOTALL)

CASES = [
    "Die Straße führt über [-Zwönitz-]{+Zschopau+}.",  # a replaced name with umlauts around it
    "Wir fordern Maßnahmen für {+Schülerinnen und +}Schüler.",  # an added form before the same word
    "Die [-Strasse-]{+Straße+} ist gesperrt.",  # ss to ß replaces the word as a whole
    "Größe[- und Güte-]{+, Güte und Fläche+} zählen.",  # a longer enumeration
    "Übergänge {+gemeinsam +}gestalten",  # one word inserted
    "Der [-Fachkräftemangel-]{+Arbeitskräftemangel+} wächst.",  # a compound is replaced as a whole
    "Die [-Automobilindustrie-]{+Automobilzulieferindustrie+} steht im Wandel.",  # a compound grows inside
    "Das [-Ladesäulennetz-]{+Netz der Ladesäulen+} wird dichter.",  # a compound taken apart
    "IHK-[-Bezirk-]{+Region+} Chemnitz",  # a part of a hyphenated compound
    "Wasserstoff-{+, Brennstoffzellen-+} und Batterietechnik fördern",  # a hanging hyphen
    "Die Bürger{+*innen+} stimmen ab.",  # a gender star is added
    "Alle [-Mitarbeiter:innen-]{+Mitarbeitenden+} sind eingeladen.",  # colon form to participle
    "[-Jeder Teilnehmer-]{+Jede teilnehmende Person+} erhält Unterlagen.",  # singular form rephrased
    "[-Kolleg_innen-]{+Kolleginnen, Kollegen+} und Gäste",  # underscore form spelled out
    "die [-Vertreter/-innen-]{+Vertreterinnen und Vertreter+} der Kammern",  # slash form spelled out
    "Dies gilt [-z. B-]{+u. a+}. für Betriebe.",  # a spaced abbreviation
    "Nach § 5 Abs. [-2-]{+3+} gilt dies.",  # a paragraph number
    "Die Fa. Muster [-GmbH-]{+SE+} & Co. KG baut aus.",  # a legal form
    "[-ca.-]{+rund+} 50 Betriebe",  # an abbreviation spelled out
    "Prof. Dr.{+-Ing.+} Müller leitet das Institut.",  # a longer title
    "Das Motto heißt „[-Gemeinsam-]{+Zusammen+}“.",  # inside German quotation marks
    'Er sagte: [-"-]{+„+}Wir bleiben.[-"-]{+“+}',  # straight to German quotation marks
    "die [-‚kleine‘-]{+»kleine«+} Lösung",  # other quotation marks
    "Der Anteil beträgt [-12,5-]{+14,5+} %.",  # a decimal changes before the comma
    "[-8,4-]{+8,9+} Mio. Euro fließen in die Region.",  # a decimal changes behind the comma
    "bis [-2030-]{+2035+}",  # a year
    "am [-30. September 2023-]{+6. Juni 2024+}",  # a date
    "um [-9.30-]{+10.00+} Uhr",  # a time
    "[-10-]{+12+}\u00a0000 Arbeitsplätze",  # a number with a non-breaking space
    "Leistung von [-500 kW-]{+1,5 MW+}",  # a number with its unit
    "zwischen [-3 und 5-]{+4 und 6+} Jahren",  # two numbers around a small word
    "Wer früh weiß{+,+} kann handeln.",  # a missing comma
    "Das ist wichtig[-!-]{+.+}",  # an exclamation mark
    "Arbeit[- – Leben –-]{+, Leben,+} Zukunft",  # dashes to commas
    "Er kommt [-… -]vielleicht.",  # an ellipsis goes
    "Eins gilt. {+Zwei gilt. +}Drei gilt.",  # a sentence inserted between
    "[-Eins gilt. -]Zwei gilt.",  # the first sentence goes
    "Eins gilt.{+ Zwei gilt.+}",  # a sentence appended
    "Die [-Region-]{+Stadt+} wächst. Die [-Stadt-]{+Region+} wächst.",  # two sentences change places
    "Wir bauen Brücken[-. Wir bauen-]{+ und+} Straßen.",  # two sentences become one
    "Eins.\n\n{+Zwei.\n\n+}Drei.\n",  # a paragraph inserted
    "Eins.\n\n[-Zwei.\n\n-]Drei.\n",  # a paragraph removed
    "Ein Satz.[- -]{+\n\n+}Noch einer.\n",  # a paragraph split
    "- Bahn\n{+- Rad\n+}- Bus\n",  # a list item inserted
    "- Bahn\n- Bahn\n[-- Bahn\n-]",  # one of equal items removed
    "1. Ziel\n2. [-Weg-]{+Umweg+}\n",  # an item of a numbered list
    "| Jahr | Wert |\n| --- | --- |\n| 2023 | [-5-]{+7+} |\n",  # a cell of a table
    "### [-Ziel-]{+Ziele+}\n\nText bleibt.\n",  # a heading
    "[-Die alte Stadt und das weite Land-]{+Das neue Dorf und der enge Wald+}.",  # everything but one small word  # noqa: E501
    "Wir [-wollen gute Arbeit in der Region halten-]{+müssen sichere Arbeit in dem Land schaffen+}.",  # several edits in one sentence  # noqa: E501
    "Der [-Rat beschließt im Mai die neue Satzung-]{+Ausschuss berät im Juni die alte Ordnung+}.",  # small words between edits are taken along  # noqa: E501
    "[-Ausbildung-]{+Weiterbildung+} sichern und [-Weiterbildung-]{+Ausbildung+} stärken",  # two words change places  # noqa: E501
    "[-Bu\u0308ro-]{+Bu\u0308ros+}",  # a combining mark stays on its letter
    "Familie [-👩\u200d👧-]{+👨\u200d👧+} da",  # a joined emoji is one sign
    "[-👍🏽-]{+👍+} gut",  # a skin tone belongs to its sign
    "E-Mail an [-info-]{+post+}@example.org",  # an address
    "siehe https://example.org/[-alt-]{+neu+}",  # a path
    "a[-  -]{+ +}b",  # blanks only
    "[-Text-]",  # everything goes
    "{+Text+}",  # everything comes
    "CO₂-[-Ausstoß-]{+Emissionen+} senken",  # a subscript
    "[-5-]{+6+} °C wärmer",  # a degree
]


@pytest.mark.parametrize("marked", CASES)
def test_difference_reads_as_a_person_would_mark_it(marked: str) -> None:
    old = _ADDED.sub("", _REMOVED.sub(r"\1", marked))
    new = _REMOVED.sub("", _ADDED.sub(r"\1", marked))
    shown = {"=": "{}", "-": "[-{}-]", "+": "{{+{}+}}"}
    assert "".join(shown[op].format(text) for op, text in word_diff(old, new)) == marked
