"""What the forms of customers have in common: files, limits, ways in."""

from __future__ import annotations

from babel.core import get_global, parse_locale

from odoo.exceptions import UserError
from odoo.http import request

MEGABYTE = 1024 * 1024
MOST_FILES = 10
LONGEST_TEXT = 20_000
LONGEST_LINE = 200
# More languages than this nobody reads.
MOST_LANGUAGES = 10
# From one address of the network, or one login.
ANSWERS_PER_HOUR = 30


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
    read = []
    for upload in files:
        content = upload.read(left + 1)
        left -= len(content)
        if left < 0:
            raise UserError(
                env._(
                    "Your files are bigger than %s MB together. Please leave some out "
                    "or make them smaller.",
                    file_limit(),
                )
            )
        read.append((clean_line(upload.filename), content))
    return read


def read_answer(form) -> tuple[str, list[tuple[str, bytes]]]:
    """Return text and files of what somebody adds to a complaint.

    :raise UserError: there is neither, or the files are too many or too big
    """
    text, files = clean_text(form.get("text")), read_files()
    if not text and not files:
        raise UserError(request.env._("Please write something first."))
    return text, files


def limit(purpose, most, who=None, minutes=60):
    """Refuse what is too much from one place.

    :param who: empty for the address of the network
    :raise UserError: the limit is reached
    """
    throttle = request.env["customer.complaint.throttle"]
    who = who or request.httprequest.remote_addr or ""
    if not throttle._is_allowed(purpose, who, most, minutes):
        raise UserError(
            request.env._(
                "We have received many messages from you in a short time. Please "
                "try again in an hour, or call us."
            )
        )


def ticked_remedies() -> list[int]:
    """Return the ids of the remedies that were ticked in the form that was sent."""
    ticked = request.httprequest.form.getlist("remedy")
    wanted = [int(value) for value in ticked if str(value).isdecimal()]
    # sudo: customer.complaint.remedy - the list that the form itself shows
    remedies = request.env["customer.complaint.remedy"].sudo()
    return remedies.search([("id", "in", wanted)]).ids


def all_remedies():
    """Return the remedies a form offers."""
    # sudo: customer.complaint.remedy - shown to everybody who complains
    return request.env["customer.complaint.remedy"].sudo().search([])


def file_limit() -> int:
    """Return how many megabytes the files of one form may have together."""
    return request.env["customer.complaint"]._attachment_limit() // MEGABYTE


# --- pages ---


def redirect_to_language():
    """Return a redirect to this page in a language of the browser; None: it is.

    For whoever comes for the first time, without an account. Core looks at the first
    language that a browser asks for, and only where it names a country.
    """
    http = request.env["ir.http"]
    is_known = request.cookies.get("frontend_lang") or http.is_a_bot()
    if is_known or not request.env.user._is_public():
        return None
    default = http._get_default_lang()
    if request.lang != default:
        return None
    wanted = map(locale_of, request.httprequest.accept_languages.values())
    nearest = (http.get_nearest_lang(code) for code in [*wanted][:MOST_LANGUAGES])
    code = next(filter(None, nearest), default.code)
    if code == default.code:
        return None
    lang = request.env["res.lang"]._get_data(code=code)
    path = f"/{lang.url_code}{request.httprequest.path}"
    response = request.redirect_query(path, request.httprequest.args)
    response.set_cookie("frontend_lang", lang.code)
    return response


def locale_of(tag) -> str:
    """Return the code of a language that a browser asks for; the usual country."""
    try:
        code, territory, script = parse_locale(tag, sep="-")[:3]
    except ValueError:
        return ""
    if not territory:
        short = "_".join(filter(None, (code, script)))
        likely = get_global("likely_subtags").get(short)
        territory = parse_locale(likely)[1] if likely else None
    return "_".join(filter(None, (code, territory)))


def render(template, values, error=None):
    """Render a page; one that says what is wrong with what was sent is a 422."""
    lang = (request.env.lang or "").replace("_", "-")
    values = {"html_data": {"lang": lang}, **values, "error": error}
    response = request.render(template, values)
    if error:
        response.status_code = 422
    return response


def render_form(template, values, error=None):
    """Render a form, with what every form for a complaint offers."""
    offers = {
        "remedies": all_remedies(),
        "ticked": ticked_remedies(),
        "limit": file_limit(),
    }
    return render(template, {**offers, **values}, error)


def check_not_colleague():
    """Refuse to let a colleague speak as the customer.

    :raise UserError: says where to answer instead
    """
    if request.env.user._is_internal():
        raise UserError(
            request.env._(
                "Here the customer speaks, and you are logged in as a colleague. "
                "Answer on the complaint itself."
            )
        )


def complaint_values(complaint, query) -> dict:
    """Return what every page about one complaint shows of it.

    :param query: parameters of the address, or the form that was sent
    """
    return {
        "complaint": complaint,
        "status": complaint._customer_status(),
        "is_new": bool(query.get("new")),
        "is_sent": bool(query.get("sent")),
        "values": query,
    }
