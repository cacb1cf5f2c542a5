# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""A section with 100 and with 10,000 comments: reading it, a paragraph of it, and writing its next text.

Run: CHARTA_DATA_DIR=/tmp/bench .venv/bin/python -m benchmarks.comments
"""

import time

import flask_migrate
from sqlalchemy import insert, select

from charta.app import create_app
from charta.comments.models import Comment, CommentAnchor
from charta.comments.rules import Place, PlaceState
from charta.db import transaction
from charta.sections import queries as sections
from charta.text.anchor import ANCHOR_VERSION, make_anchor
from tests import factories, proposing
from tests.talking import said

TEXT = (
    "\n\n".join(f"Absatz {at}: {proposing.BODY.splitlines()[0]} Das gilt seit {at}." for at in range(60))
    + "\n"
)


def _section(count: int, author: factories.Account) -> int:
    """Store a section with so many comments, each on other words; return its id."""
    section = proposing.section(f"Mit {count}", TEXT)
    said(author, section_id=section, place=Place.PARAGRAPH, paragraph=0)
    with transaction() as tx:
        head = tx.session.scalars(select(CommentAnchor).where(CommentAnchor.section_id == section)).one()
        first = tx.session.get(Comment, head.comment_id)
        assert first is not None
        same = {"author_id": author.id, "body": first.body, "html_hash": first.html_hash, "last_at": tx.now}
        start = 100_000 * section  # past what a sequence gives out meanwhile
        ids = range(start, start + count)
        tx.session.execute(
            insert(Comment),
            [
                {"id": at, "section_id": section, "place": Place.RANGE, "created_at": tx.now, **same}
                for at in ids
            ],
        )
        places = [(at, (at * 37) % (len(TEXT) - 80)) for at in ids]
        tx.session.execute(
            insert(CommentAnchor),
            [
                {
                    "comment_id": at, "section_id": section, "made_on_revision_id": head.revision_id,
                    "anchor": make_anchor(TEXT, place, place + 60), "engine_version": ANCHOR_VERSION,
                    "revision_id": head.revision_id, "start_at": place, "end_at": place + 60,
                    "state": PlaceState.IN_PLACE,
                }
                for at, place in places
            ],
        )  # fmt: skip
    return section


def main() -> None:
    """Print milliseconds for both sections."""
    app = create_app({"RATE_LIMITS": False})
    with app.app_context():
        flask_migrate.upgrade()
        author = factories.partner()
        key = factories.open_browser(author)
        client = app.test_client()
        with client.session_transaction(base_url=app.config["BASE_URL"]) as cookie:
            cookie["_user_id"], cookie["_fresh"] = key, True
        for count in (100, 10_000):
            section = _section(count, author)
            rn = next(one.first_rn for one in sections.tree() if one.id == section) + 1
            pages = (("page", ""), ("paragraph open", f"?rn={rn}"), ("discussion", "/diskussion"))
            for words, path in pages:
                times = []
                for _ in range(7):
                    at = time.perf_counter()
                    answer = client.get(f"/abschnitte/{section}{path}", base_url=app.config["BASE_URL"])
                    times.append(1000 * (time.perf_counter() - at))
                    assert answer.status_code == 200, answer.status_code
                print(f"{count:6} comments, {words}: {sorted(times)[3]:.1f} ms")
            at = time.perf_counter()
            proposing.rewrite(section, "Absatz 30: Die Partner", "Absatz 30: Alle Partner")
            print(f"{count:6} comments, next text: {1000 * (time.perf_counter() - at):.0f} ms")


if __name__ == "__main__":
    main()
