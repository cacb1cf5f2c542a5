# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The words of polls: methods, the house's scale, what somebody answered; for views and templates only."""

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from charta.db import utcnow
from charta.votes.models import Poll, RecurringQuestion
from charta.votes.queries.polls import Part
from charta.votes.queries.polls_live import OnPhone
from charta.votes.rules import PollMethod, PollState
from charta.web.dates import day
from charta.web.standing import Standing

METHODS = {
    PollMethod.SCALE: _l("Skala von 1 bis 5"),
    PollMethod.SINGLE: _l("eine Antwort"),
    PollMethod.MULTIPLE: _l("mehrere Antworten"),
    PollMethod.POINTS: _l("Punkte verteilen"),
    PollMethod.WORDS: _l("freie Worte"),
}

METHOD_HINTS = {
    PollMethod.SCALE: _l("fünf Stufen von Zustimmung bis Ablehnung"),
    PollMethod.SINGLE: _l("eine der vorgegebenen Antworten"),
    PollMethod.MULTIPLE: _l("so viele der vorgegebenen Antworten, wie passen"),
    PollMethod.POINTS: _l("eine feste Zahl von Punkten auf die Antworten verteilen"),
    PollMethod.WORDS: _l("ein Wort oder ein kurzer Satz; erscheint erst, wenn die Moderation es zeigt"),
}

# From full agreement (5) to full refusal (1), as the options of a scale stand.
SCALE = (
    _l("stimme voll zu"),
    _l("stimme eher zu"),
    _l("teils, teils"),
    _l("stimme eher nicht zu"),
    _l("stimme gar nicht zu"),
)


def options(poll: Poll | RecurringQuestion) -> list[str]:
    """Return the answers that can be chosen, in their order; none for words."""
    if poll.method is PollMethod.SCALE and not poll.options:
        return [str(word) for word in SCALE]
    return [str(option) for option in poll.options]


def own_answer(one: OnPhone) -> str:
    """Return in words what the viewer answered."""
    poll, own = one.result.poll, one.own or []
    if poll.method is PollMethod.WORDS:
        return f"„{one.own_words}“"
    words = options(poll)
    if poll.method is PollMethod.POINTS:
        return ", ".join(f"{word} ({points})" for word, points in zip(words, own, strict=False) if points)
    return ", ".join(words[place] for place in own if 0 <= place < len(words))


def standing(poll: Poll) -> Standing:
    """Return the status of a poll: icon, word, and what happens next."""
    if poll.state is PollState.READY:
        return Standing("", "clock", _("vorbereitet"), _("Im Saal weiß noch niemand davon."))
    if poll.state is PollState.RUNNING:
        return Standing("ok", "play", _("läuft"), _("Wer im Forum ist, kann jetzt antworten."))
    if poll.state is PollState.FOLLOW_UP and poll.follow_up_until and utcnow() < poll.follow_up_until:
        return Standing(
            "ok",
            "globe",
            _("online offen"),
            _(
                "Wer im Forum war und nicht geantwortet hat, kann das bis zum %(day)s tun.",
                day=day(poll.follow_up_until),
            ),
        )
    return Standing("", "done", _("beendet"), _("Das Ergebnis steht fest."))


def number_words(part: Part, poll: Poll, place: int) -> str:
    """Return the number beside a bar: votes, or points."""
    count = part.counts[place]
    if poll.method is PollMethod.POINTS:
        return ngettext("%(num)s Punkt", "%(num)s Punkte", count)
    return str(format_decimal(count))


def basis(part: Part) -> str:
    """Return how many answers are in a result, and of how many when some were left out."""
    if part.is_partial:
        return _("%(shown)s von %(given)s Antworten", shown=part.answers, given=part.given)
    return ngettext("%(num)s Antwort", "%(num)s Antworten", part.answers)


def mean_words(part: Part) -> str:
    """Return the mean of a scale in words; nothing for other methods."""
    if part.mean is None:
        return ""
    return _("Mittelwert %(mean)s auf der Skala von 5 bis 1", mean=format_decimal(round(part.mean, 1)))
