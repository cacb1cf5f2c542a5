# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""German text out of a small word list and a fixed random generator, for measurements. Pure.

A text is a list of blocks; what comes out of `body` is canonical Markdown already (test), so that mass data
needs no parser.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

_WHO = (
    "Die Kammern", "Die Betriebe", "Die Hochschulen", "Die Gewerkschaften", "Die Landkreise",
    "Die Ausbildungsstätten", "Die Zulieferer", "Die Städte und Gemeinden", "Die Arbeitsagenturen",
    "Die Verbände", "Die Forschungsinstitute", "Die Betriebsräte",
)  # fmt: skip
_DO = (
    "vereinbaren", "erproben", "fördern", "begleiten", "veröffentlichen", "prüfen", "erweitern", "bündeln",
    "sichern", "verbinden", "finanzieren", "überprüfen",
)  # fmt: skip
_WHAT = (
    "gemeinsame Werkstätten", "neue Berufsbilder", "kurze Wege zur Weiterbildung", "den Umstieg im Antrieb",
    "verlässliche Lieferketten", "eine offene Datenplattform", "faire Übergänge in Arbeit",
    "die Ansiedlung von Speicherfertigung", "den Ausbau der Ladepunkte", "Lehrgänge für Beschäftigte",
    "die Nachnutzung freier Hallen", "Gespräche mit jungen Menschen", "Praktika über Betriebe hinweg",
    "ein regionales Netz der Werkzeugbauer", "die Beratung kleiner Unternehmen",
)  # fmt: skip
_WHERE = (
    "in Südwestsachsen", "zwischen Zwickau und Chemnitz", "im Vogtland", "im Erzgebirge", "in Mittelsachsen",
    "an allen Standorten", "in den ländlichen Gemeinden", "entlang der Bahnstrecken",
)  # fmt: skip
_WHY = (
    "damit Fachkräfte in der Region bleiben", "weil die Nachfrage sich ändert",
    "solange die Förderung es trägt", "damit niemand den Anschluss verliert",
    "weil Aufträge kurzfristiger werden", "damit Wissen weitergegeben wird",
    "sobald die Vereinbarung unterschrieben ist", "weil Energie knapp und teuer ist",
)  # fmt: skip
_TITLES = (
    "Arbeit und Qualifizierung", "Produktion von morgen", "Kreislauf und Werkstoffe", "Daten und Software",
    "Ansiedlung und Flächen", "Zusammenarbeit in der Region", "Antrieb und Energie", "Ausbildung und Schule",
)  # fmt: skip
_NAMES = ("Anke", "Birgit", "Carsten", "Dörte", "Enrico", "Franziska", "Gerd", "Heike", "Ines", "Jörg")
_FAMILY_NAMES = ("Albert", "Böhme", "Conrad", "Dietze", "Ebert", "Fritzsche", "Günther", "Hänel", "Jahn")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a list or a heading, as its sentences, items or words."""

    kind: str
    parts: tuple[str, ...]

    def markdown(self) -> str:
        """Return the block as canonical Markdown without the line break at its end."""
        if self.kind == "list":
            return "\n".join(f"- {part}" for part in self.parts)
        if self.kind == "heading":
            return f"### {self.parts[0]}"
        return " ".join(self.parts)


Text = tuple[Block, ...]


def sentence(random: Random) -> str:
    """Return one sentence; every tenth has bold words."""
    do = random.choice(_DO)
    if not random.randrange(10):
        do = f"**{do}**"
    year = random.randint(2026, 2038)
    ending = f", {random.choice(_WHY)}." if random.randrange(2) else f" – im Jahr {year} zuerst."
    return f"{random.choice(_WHO)} {do} {random.choice(_WHERE)} bis {year} {random.choice(_WHAT)}{ending}"


def text(random: Random, characters: int) -> Text:
    """Return blocks of about that many characters: paragraphs, now and then a heading or a list."""
    blocks: list[Block] = []
    length = 0
    while length < characters or not blocks:
        chance = random.randrange(10)
        if chance == 0 and length:
            blocks.append(Block("heading", (title(random),)))
        # Two lists in a row would be one list.
        kind = "list" if chance == 9 and blocks and blocks[-1].kind != "list" else "paragraph"
        blocks.append(Block(kind, tuple(sentence(random) for _ in range(random.randint(2, 5)))))
        length = len(body(blocks))
    return tuple(blocks)


def edited(random: Random, old: Text) -> Text:
    """Return the text with one sentence written anew, as most proposals are."""
    places = [at for at, block in enumerate(old) if block.kind == "paragraph"]
    at = random.choice(places)
    parts = list(old[at].parts)
    parts[random.randrange(len(parts))] = sentence(random)
    return (*old[:at], replace(old[at], parts=tuple(parts)), *old[at + 1 :])


def body(blocks: Sequence[Block]) -> str:
    """Return the blocks as one canonical body."""
    return "\n\n".join(block.markdown() for block in blocks) + "\n"


def title(random: Random) -> str:
    """Return a heading."""
    return random.choice(_TITLES)


def name(random: Random) -> str:
    """Return the name of a person."""
    return f"{random.choice(_NAMES)} {random.choice(_FAMILY_NAMES)}"


def summary(random: Random) -> str:
    """Return the summary line of a proposal."""
    what = random.choice(_WHAT)
    return f"{what[0].upper()}{what[1:]} {random.choice(_WHERE)} ergänzen"
