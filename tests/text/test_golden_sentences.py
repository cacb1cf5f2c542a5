# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where German sentences end; "|" marks the borders."""

import pytest

from charta.text.sentences import split

CASES = [
    "Der Verein Zukunft e. V. hat 12 Mitglieder.| Er wächst.",  # the starter "Er" ends the first sentence
    "Die 2. Phase beginnt am 24. April.| Die 3. Phase folgt.",  # ordinals
    "Wir fordern Bus, Bahn usw. für alle.| Das gilt bis 2030.| Danach wird geprüft.",  # year at the end
    "Das 3. Zukunftsforum in Zwickau war gut besucht.| Über 100 Personen kamen.",  # ordinal before a noun
    "Nach § 5 Abs. 2 Satz 1 Nr. 3 BauGB gilt das.| § 6 bleibt unberührt.",  # a sentence begins with §
    "Die Aktion „Mach mit!“ Sachsen startet.| „Kommst du?“, fragte sie.| „Ja.“| Dann ging sie.",  # quotes
    "Sie sagte: „Wir schaffen das!“| Alle klatschten.",  # a quoted sentence ends its frame
    "Rund 8,4 Mio. Euro fließen.| Das sind ca. 20 Prozent mehr als 2022.| 15 Betriebe profitieren.",  # digits
    "Prof. Dr.-Ing. habil. Müller leitet das Institut.| Er wohnt in Chemnitz.",  # titles
    "Am 31.12.2026 endet die Frist.| Am 1. 1. 2027 beginnt die neue.",  # dates in figures
    "Siehe www.example.org.| Dort steht mehr.",  # an address
    "Wir zahlen 30 ct. pro kWh.| Das ist viel.| Die Leistung liegt bei 30 MW.| Gut.",  # units
    "Was nun…| Wir wissen es nicht.",  # an ellipsis that ends
    "Die Region … Sachsen … wächst.| Punkt.",  # an ellipsis that leaves out
    "(Das ist ein ganzer Satz.)| Danach folgt ein neuer.",  # a sentence in brackets
    "Die Firmen (z. B. AMZ, IHK usw.) Sachsens sind beteiligt.| Gut so.",  # an insertion in brackets
    "Er kam am Montag, dem 5. August, nach Plauen.| Sie auch.",  # an ordinal before a month
    "Hr. Meier u. Fr. Schmidt kamen.| Später auch Dr. h. c. Lehmann.",  # forms of address
    "Das Gesetz (BGBl. I S. 123) gilt.| Es wurde geändert.",  # a source
    "Die Mieter*innen und Bürger:innen kamen.| Kolleg_innen auch.",  # gender signs
    "Der Text endet hier.[^1]| Dann geht es weiter.| **Fett gedruckt.**| Weiter.",  # Markdown after the stop
    "Die Kapitel I. bis III. gelten.| Ludwig XIV. starb 1715.| Das war im 18. Jh. so.",  # Roman numbers
    "Dies betrifft § 3 Abs. 1.| Die Regelung bleibt.| Das sagt die IG BCE.| Die Löhne steigen.",  # acronyms
    "Das Vorhaben kostet 5 Mio. €.| Der Bund zahlt 3 Mio. €.",  # a sign before the stop
    "Die Stellungnahme der Kammer (S. 12 f.) liegt vor.| Sie wird beraten.",  # page and following
    "Ist das sinnvoll?| Ja!| Unbedingt!",  # other end signs
    "Das Unternehmen wurde 1990 gegründet (vorher VEB).| Heute hat es 300 Beschäftigte.",  # stop after bracket  # noqa: E501
    "Das gilt u. a. für Pflege, Gesundheit u. v. m.| Der Beirat berät.",  # the end of an enumeration
    "Bis 2035 soll der Anteil auf 80 % steigen.| 2040 soll er 100 % betragen.",  # a year begins a sentence
    "Um 9.30 Uhr beginnt das Forum.| Um 17 Uhr endet es.",  # a time
    "Sie heißt A. Schmidt.| Er heißt B. Meier jun. und wohnt hier.",  # initials
    "Die sog. „Circular Cars“ kommen.| Das Helpdesk-Team hilft ggf. Betrieben bzw. Vereinen.",  # before nouns
    "Die Temperatur stieg um 1,5 °C.| Das ist viel.",  # a letter that is a unit
    "Fahrzeuge der Klasse M1.| Busse der Klasse M3.",  # letter and digit
    "Der Arbeitskreis trifft sich am 3. und 4. Juni.| Gäste sind willkommen.",  # two ordinals
    "Die Kosten trägt die Region (ca. 2 Mio. Euro).| Der Rest ist offen.",  # abbreviations inside brackets
    "Erster Absatz ohne Punkt|\n\nZweiter Absatz.",  # a blank line is a border
    "- eins|\n- zwei|\n- drei",  # so is the next item
    "| a | b ||\n| --- | --- ||\n| 1 | 2 |",  # and the next row of a table
    "Ein Satz,\nder umbrochen ist. | Ende.".replace(". |", ".|"),  # a line break alone is not
    "Max. 20 Personen pro Raum.| Mind. 5 Anmeldungen sind nötig.",  # abbreviations at the start
    "Das betrifft Abb. 3 und Tab. 4.| Beide sind neu.",  # numbered things
    "Die Fa. Muster, Inh. K. Schulze, schließt.| Schade!",  # several abbreviations
    "Das kostet 10.000 Euro.| Mehr nicht.",  # a thousands stop
    "Ja, so ist es!| „Wirklich?“| „Ja.“",  # short sentences
    "Es gilt die DIN EN ISO 9001.| Andere Normen nicht.",  # a number at the end
    "Die Bahn fährt nach Flöha, Freiberg etc.| Der Bus auch.",  # the end of an enumeration
    "Die Stadt St. Egidien liegt im Landkreis.| Lichtenstein/Sa. auch.",  # names of places
    "Wir danken dem BMWK, der IHK u. a. Partnern.| Ohne sie ginge es nicht.",  # inside an enumeration
    "Kap. 4 Abs. 2 bleibt.| Kap. 5 entfällt.",  # an abbreviation begins a sentence
]


@pytest.mark.parametrize("marked", CASES)
def test_sentences_end_where_a_reader_pauses(marked: str) -> None:
    if marked.startswith("| a"):
        expected = ["| a | b |", "\n| --- | --- |", "\n| 1 | 2 |"]
    else:
        expected = marked.split("|")
    text = "".join(expected)
    assert [text[start:end] for start, end in split(text)] == expected
