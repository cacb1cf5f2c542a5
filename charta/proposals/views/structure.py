# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Stub."""

from charta.permissions import Permission
from charta.proposals.views.blueprint import blueprint
from charta.web.access import access


@blueprint.get("/vorschlaege/neu/abschnitt")
@access(Permission.PROPOSE)
def new_section():
    return ""


@blueprint.get("/vorschlaege/neu/massnahme")
@access(Permission.PROPOSE)
def new_measure():
    return ""


@blueprint.get("/vorschlaege/<id:number>/ueberschneidung")
@access(Permission.RESOLVE_OVERLAP)
def overlap(number):
    return ""
