# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Splits German text into sentences; lossless. A missed border is better than a false one.

A border needs an end sign, a blank, and something that can begin a sentence. Then the word before the end
sign is judged: abbreviations, initials and ordinals do not end a sentence unless a word follows that is only
capitalised because it begins one ("Der", "Danach").

Units of merge and provenance depend on the borders: who moves one raises their versions.
"""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Never end a sentence: something always follows them.
_NEVER_LAST = _words(
    """
    abb abh abk abs abschn abt adr akt allg amtl anh anl anm ao aufl ausg az bd bde bearb begr beil bekl
    bes betr bez bezgl bgbl bsp bspw bzgl bzw ca chr co dipl dir div dr dres ebd ehem einschl entspr erg
    erl evtl ev exkl fa fig fam frl fn forts frhr geb gebr geg gegr gem gest gez ggf ggfs ggü habil hbf hg
    hl hptst hr hrn hrsg ing inh inkl insb insbes jg kap kath kfm kgl komm lat lfd lic lit mag med mind
    mr mrs ms mtl nachf nördl nr nrn op östl parl pfd phil pos präs priv prof proz pseud qual rd red reg
    resp rer rn rspr sen sog soz spez st staatl stellv str städt stud südl tab techn tel tgl übers
    überarb univ urspr verb verf vergl verw vgl vol vorl vors westl wiss zb zgl ziff zit zul zus zzgl
    zzt jan feb febr mär apr jun jul aug sept okt nov dez sa
    """
)
# May end a sentence, but usually do not.
_SELDOM_LAST = _words("art bzw dergl dgl ff fol inc jh jhd ltd max min mio mrd mwst od rel std tsd ust tz zt")
# Close an enumeration: a capital after them begins a sentence.
_OFTEN_LAST = _words("etc usf usw uvm u.a.m u.s.w u.v.a u.v.a.m u.v.m")
_SELDOM_LAST_SPACED = _words(
    """
    a.d d.j d.m e.g e.v i.v m.w n.chr o.ä o.dgl o.g s.o s.u u.a u.ä u.dgl u.u v.chr v.h v.t i.d.r
    """
)
# Without a vowel and still whole words; everything else without one is taken for an abbreviation.
_WHOLE_WITHOUT_VOWEL = _words(
    "cm dm ft gb gmbh gw gwh hz kb kfz kg km kw kwh kwp lkw mb mbh mm mw mwh nm pkw pv tb th tv tw twh xl"
)
_MONTHS = _words(
    "Januar Jänner Februar Feber März April Mai Juni Juli August September Oktober November Dezember"
)
# Words that are written with a capital only where a sentence begins.
_STARTERS = _words(
    """
    Ab Aber Alle Allein Allerdings Alles Als Also Am An Andere Andererseits Anders Auch Auf Aufgrund Aus
    Außer Außerdem Bei Beide Beim Bereits Besonders Bis Bisher Da Dabei Dadurch Dafür Dagegen Daher
    Damit Danach Daneben Dann Daran Darauf Daraus Darin Darüber Darum Darunter Das Dass Davon Dazu Dem
    Den Denn Dennoch Der Deren Derzeit Des Deshalb Dessen Deswegen Die Dies Diese Diesem Diesen Dieser
    Dieses Doch Dort Durch Ebenfalls Ebenso Ein Eine Einem Einen Einer Eines Einige Er Erst Es Etwa
    Falls Ferner Folglich Für Gegen Gerade Gibt Gleichzeitig Hat Haben Heute Hier Hierbei Hierfür Hierzu
    Hingegen Ich Ihm Ihnen Ihr Ihre Ihrem Ihren Ihrer Im Immer In Infolge Innerhalb Ins Insbesondere
    Insgesamt Inzwischen Ist Jede Jeder Jedes Jedoch Jetzt Kann Kein Keine Künftig Man Manche Mehr
    Mehrere Mit Nach Nachdem Neben Nicht Noch Nun Nur Ob Obwohl Oder Oft Ohne Schließlich Schon Sein
    Seine Seit Seitdem Sie Sind So Sobald Sofern Solange Solche Somit Sonst Soweit Sowohl Statt Trotz
    Trotzdem Über Um Und Uns Unser Unsere Unter Viele Vielmehr Vom Von Vor Während Wann War Waren Warum
    Was Weder Wegen Weil Weiter Weiterhin Weitere Welche Wenn Wer Werden Wie Wieder Will Wir Wird Wo
    Wobei Woher Wohin Worauf Wurde Wurden Zu Zudem Zuerst Zugleich Zuletzt Zum Zunächst Zur Zusätzlich
    Zwar Zwischen The This These It In We
    """
)
# A number after these is a name and not an ordinal: "nach § 5. Betriebe ..." ends a sentence.
_COUNTED = _words(
    """
    § §§ abs absatz abbildung abschnitt anhang anlage artikel art kap kapitel nr nummer phase punkt
    referat rn satz seite tabelle teil version ziffer
    """
)

_CLOSERS = r"(?:\[\^[^\]\s]{1,20}\]|['\"“”‘’»«›‹)\]*_])*+"
# The look behind keeps a long row of end signs from being tried from each of its signs.
_END = re.compile(
    rf"(?<![.!?…])[.!?…]++{_CLOSERS}(?=\s)|\n(?=[ \t]*\n|[ \t]*(?:[-*+] |\d{{1,9}}[.)] |[|>#]))"
)
_START = re.compile(r"\s+((?:[„“”\"‚‘'»«›‹*_\[]|\()*)(\w+|§)?")
_SIGN = re.compile(r"\S")
_LAST_WORD = re.compile(r"(?:\w\.[ \u00a0\u202f]?)*[\w.]+$")
_WORD_BEFORE_NUMBER = re.compile(r"([^\W\d]+|§+)\.?\s+$")
_QUOTES_OPEN = '„“"»«‚'
_LOOK_BACK = 600


def split(text: str) -> list[tuple[int, int]]:
    """Return the sentences of `text` as (start, end) in code points, without gaps: joined they are the text.

    The blanks before a sentence belong to it, so that an `end` is the place after its last sign.
    A blank line, and the beginning of a list item, table row or quote line, is always a border.

    >>> split("Das gilt z. B. ab 2030. Danach nicht.")
    [(0, 23), (23, 37)]
    """
    borders = [0]
    first_sign = _next_sign(text, 0)
    for found in _END.finditer(text):
        start, end = found.span()
        if text[start] == "\n":
            end = start
        elif not _is_border(text, borders[-1], start, end):
            continue
        if first_sign < end:
            borders.append(end)
            first_sign = _next_sign(text, end)
    if len(borders) > 1 and first_sign == len(text):
        borders.pop()
    return list(zip(borders, [*borders[1:], len(text)], strict=True)) if text else []


def _next_sign(text: str, at: int) -> int:
    found = _SIGN.search(text, at)
    return found.start() if found else len(text)


def _is_border(text: str, sentence: int, start: int, end: int) -> bool:
    """Judge the end signs and closers text[start:end]; `sentence` is where the current sentence begins."""
    following = _START.match(text, end)
    opened, word = (following[1], following[2] or "") if following else ("", "")
    if following and following.end() == len(text) and not word:
        return True
    if not _can_begin(opened, word):
        return False
    sentence = max(sentence, start - _LOOK_BACK)
    if not _closed_with(text, sentence, start, end):
        return False
    signs = text[start:end].rstrip("'\"“”‘’»«›‹)]*_")
    if signs[:2] in ("..", "…", "…."):
        return start > 0 and not (text[start - 1].isspace() or text[start - 1] in "([")
    if not signs.startswith(".") or (len(signs) > 1 and not signs.startswith(".[")):
        return True
    return _ends_with_full_word(text, sentence, start, word)


def _can_begin(opened: str, word: str) -> bool:
    if word:
        return word[0].isupper() or word[0].isdigit() or word == "§" or opened[-1:] in tuple("„»")
    return False


def _closed_with(text: str, sentence: int, start: int, end: int) -> bool:
    """Return whether the brackets and quotation marks closed after the end sign let the sentence end too."""
    closers = text[start:end]
    before = text[sentence:start]
    if ")" in closers:
        # Only a sentence that stands in brackets as a whole ends inside of them.
        return before.lstrip().startswith("(") and before.count("(") - before.count(")") <= 1
    if closers[0] in "!?" and closers[-1] in '“”"»«':
        # »die "Mach mit!" Aktion« against »Er rief: "Halt!" Dann ...«
        at = max(before.rfind(sign) for sign in _QUOTES_OPEN)
        led_in = before[:at].rstrip()
        return at < 0 or not led_in or led_in[-1] in ":,." or before[at:].count(" ") >= 3
    return True


def _ends_with_full_word(text: str, sentence: int, start: int, following: str) -> bool:
    found = _LAST_WORD.search(text, max(sentence, start - 40), start)
    if not found:
        return True
    word = found.group()
    begins = following in _STARTERS
    if word.isdigit():
        return _number_ends(text, sentence, found.start(), word, following, begins)
    if "." in word:
        return _dotted_ends(word, begins)
    lower = word.lower()
    if lower in _OFTEN_LAST:
        return True
    if (len(word) == 1 and word.isalpha() and text[start - 2 : start - 1] != "°") or lower in _NEVER_LAST:
        return False
    if lower in _SELDOM_LAST:
        return begins
    if set(word) <= set("IVX"):
        return begins
    if 1 < len(word) <= 5 and word.isalpha() and not set(lower) & set("aeiouyäöüéáó"):
        return sum(sign.isupper() for sign in word) > 1 or lower in _WHOLE_WITHOUT_VOWEL
    return True


def _number_ends(text: str, sentence: int, at: int, number: str, following: str, begins: bool) -> bool:
    """Tell "bis 2030. Danach" (an end) from "2. Phase", "3. Mai" and "31. 12." (none)."""
    before = text[max(sentence, at - 30) : at]
    if not text[sentence:at].strip() or following in _MONTHS:
        return False
    if len(number) >= 4 or begins or before.endswith(","):
        return True
    counted = _WORD_BEFORE_NUMBER.search(before)
    is_name = counted is not None and counted[1].lower() in _COUNTED
    return is_name and not following[:1].isdigit()


def _dotted_ends(word: str, begins: bool) -> bool:
    """Judge "z. B", "e. V", "1.000", "31.12.2026", "example.org" before their last full stop."""
    parts = [part.strip() for part in word.split(".")]
    if parts[-1].isdigit():
        return begins or len(parts[-1]) >= 3
    if any(len(part) > 3 for part in parts):
        return parts[-1].lower() not in _NEVER_LAST
    joined = ".".join(parts).lower()
    return joined in _OFTEN_LAST or (begins and joined in _SELDOM_LAST_SPACED)
