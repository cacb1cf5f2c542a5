# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Splits German text into sentences; lossless. A missed border is better than a false one."""

import re

# Raise it when a border can move: units of merge and provenance depend on it.
SPLITTER_VERSION = 1

_ABBREVIATIONS = frozenset(
    """
    abb abk abs abschn abt adr akt allg amtl anh anl anm ao art aufl ausg az bd bde bearb begr beil bek ber bes
    best betr bez bezgl bgbl bzgl bzw ca chr co corp dergl ders dgl dgln dh dies dipl div dr dres ebd ed ehem einschl
    entspr erg erl etc ev evtl exkl expl ff fig fn folg fr frhr geb gegr gem ges gesch gest gez ggf ggfs ggü habil
    hbf hd hg hl hon hr hrn hrsg hs hst inc ing inh inkl insb insbes int jg jh jhd jr jur kap kath kfm lat lfd lit
    ltd ltg max mdl med mia min mind mio mod mr mrd mrs ms mtl mwst nachf nat nds neutr no nr nrn nto oä od österr
    op pfd phil pl pol pos präs priv prof prot proz pseud qual rd red ref reg rel rer resp rh rn rspr sa sch schr sen
    sog sp spez st std stdn stellv str stv tab tel techn tgl tsd tz übers überarb univ urspr usf usw uvm vdi verf
    vergl vers verw vgl vol vorl vors vs wg wiss wwe zb zdf zf zgl ziff zit zs zt ztr zul zus zzgl zzt
    jan feb febr mär apr jun jul aug sept okt nov dez mo di mi do fr sa so
    """.split()
)
# These may end a sentence: a capital after them decides, unless a number follows.
_MAY_END = frozenset("usw etc uvm ff dgl dergl usf ev".split())
_MONTHS = "Januar Jänner Februar März April Mai Juni Juli August September Oktober November Dezember".split()
_ORDINAL_FOLLOWERS = frozenset(_MONTHS)

_CANDIDATE = re.compile(r"""[.!?…]+['"“”’»«›‹)\]]*(?=\s)""")
_PARAGRAPH = re.compile(r"\n[ \t]*\n")


def split(text: str) -> list[tuple[int, int]]:
    """Return the sentences of `text` as (start, end) in code points, without gaps: joined they are the text.

    The blanks before a sentence belong to it, so that an `end` is the place after the last sign.

    >>> split("Das gilt z. B. ab 2030. Danach nicht.")
    [(0, 23), (23, 37)]
    """
    borders = [0]
    for found in _CANDIDATE.finditer(text):
        if found.end() > borders[-1] and _is_border(text, found.start(), found.end()):
            borders.append(found.end())
    if borders[-1] < len(text):
        if len(borders) > 1 and not text[borders[-1] :].strip():
            borders.pop()
        borders.append(len(text))
    return list(zip(borders, borders[1:], strict=False))


def _is_border(text: str, start: int, end: int) -> bool:
    return bool(re.match(r"\s+[A-ZÄÖÜ0-9„»\"]", text[end : end + 20]))
