"""What the forms of customers have in common: files, limits, ways in."""

from __future__ import annotations

from odoo.exceptions import UserError
from odoo.http import request

MOST_FILES = 10
LONGEST_TEXT = 20_000
LONGEST_LINE = 200


def clean_text(value, longest=LONGEST_TEXT) -> str:
    """Return what somebody typed, without surrounding space and within limits."""
    return str(value or "").replace("\x00", "").strip()[:longest]


def clean_line(value) -> str:
    """Return what somebody typed into a field of one line."""
    return " ".join(clean_text(value, LONGEST_LINE).split())


def read_files(name="files") -> list[tuple[str, bytes]]:
    """Return name and content of the files sent with a form.

    :raise UserError: there are too many, or they are too big together
    """
    files = [
        upload for upload in request.httprequest.files.getlist(name) if upload.filename
    ]
    env = request.env
    if len(files) > MOST_FILES:
        raise UserError(
            env._("Please attach at most %s files; combine some of them.", MOST_FILES)
        )
    left = env["customer.complaint"]._attachment_limit()
    limit = left // (1024 * 1024)
    read = []
    for upload in files:
        content = upload.read(left + 1)
        left -= len(content)
        if left < 0:
            raise UserError(
                env._(
                    "Your files are bigger than %s MB together. Please leave some out "
                    "or make them smaller.",
                    limit,
                )
            )
        read.append((clean_line(upload.filename), content))
    return read


def chosen_remedies(form) -> list[int]:
    """Return the ids of the remedies that were ticked in a form."""
    wanted = [int(value) for value in form.getlist("remedy") if str(value).isdecimal()]
    # sudo: customer.complaint.remedy - the list that the form itself shows
    remedies = request.env["customer.complaint.remedy"].sudo()
    return remedies.search([("id", "in", wanted)]).ids


def all_remedies():
    """Return the remedies a form offers."""
    # sudo: customer.complaint.remedy - shown to everybody who complains
    return request.env["customer.complaint.remedy"].sudo().search([])
