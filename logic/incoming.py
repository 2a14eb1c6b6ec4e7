"""What an incoming e-mail is, judged by its headers and its words.

Two questions are asked of every message that reaches a complaint:

* **Who speaks, a person or a machine?** :func:`speaker` reads the headers. A machine
  (an out-of-office answer, a delivery notice, a newsletter) is never answered by
  another machine, and it neither wakes a complaint that waits for the customer nor
  reopens one. A *quiet* message was written by a person or by a program that asks not
  to be answered automatically: it counts as the customer's word, without an
  acknowledgement.
* **Is it more than a "thank you"?** :func:`is_courtesy` reads the words of a reply to
  a settled complaint. Only short messages that thank, ask nothing and contradict
  nothing are taken for courtesy; in doubt the answer is no.

>>> speaker({"Auto-Submitted": "auto-replied"})
'machine'
>>> speaker({"X-Auto-Response-Suppress": "OOF"})
'quiet'
>>> speaker({"Subject": "Where is my order?"})
'person'
>>> is_courtesy("Thank you very much, all good now!")
True
>>> is_courtesy("Thanks, but it is still broken.")
False
"""

from __future__ import annotations

import re
from collections.abc import Mapping

#: The most characters and words that a mere "thank you" has.
COURTESY_CHARACTERS = 160
COURTESY_WORDS = 25

MACHINE_PRECEDENCE = frozenset({"bulk", "junk", "auto_reply"})
MACHINE_HEADERS = (
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-auto-reply",
    "x-auto-submitted",
    "x-mail-autoreply",
    "x-vacation",
    "x-failed-recipients",
)
QUIET_HEADERS = ("list-id", "list-unsubscribe", "feedback-id", "x-loop")
NOT_SUPPRESSED = frozenset({"", "none"})

THANKS = re.compile(
    r"\b(thanks|thank|thx|ty|cheers|great|perfect|merci|danke?|gracias|obrigad[oa]"
    r"|grazie|bedankt|c[aả]m [oơ]n)\b|谢谢|感谢|多谢|謝謝|感謝|多謝",
    re.IGNORECASE,
)
CONTRADICTIONS = re.compile(
    r"\b(but|however|still|not|no|nothing|never|again|unfortunately|except|wrong|broken"
    r"|missing|refund|when|why|how|where|mais|aber|nicht|noch|pero|todav[ií]a"
    r"|nhưng|vẫn|chưa|không|lại|sao|bao giờ|tại sao|khi nào)\b|n['’]t\b"
    r"|但|可是|还|還|没|沒|不|未|仍|再|吗|嗎|为什么|為什麼|何时|何時",
    re.IGNORECASE,
)
# Courtesies that contain a word of contradiction.
HARMLESS = re.compile(
    r"\b(no (problem|worries|more questions|further questions)|not at all"
    r"|works? again|không (sao|có gì|còn vấn đề gì))\b"
    r"|没问题|沒問題|不客气|不客氣|没事|沒事",
    re.IGNORECASE,
)
QUOTED_LINE = re.compile(
    r"^\s*(>|(on|am|le|el|vào|于|在)\b.*"
    r"(wrote|schrieb|écrit|escribió|viết|写道|寫道)\s*[:：]"
    r"|-{2,}\s*(original|forwarded|ursprüngliche|tin nhắn gốc|原始邮件|原始郵件)"
    r"|_{8,}|--\s*$)",
    re.IGNORECASE,
)
FORWARDED_FROM = re.compile(
    r"^[\s>*|]*(?:from|von|de|da|từ|发件人|發件人|寄件者|寄件人)\s*\**\s*[:：]\s*\**\s*(.+)$",
    re.IGNORECASE | re.MULTILINE,
)
ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")


def speaker(headers: Mapping[str, str]) -> str:
    """Return who wrote a message: ``"person"``, ``"quiet"`` or ``"machine"``.

    :param headers: the headers of the message; names in any case
    """
    lowered = {name.lower(): str(value).strip() for name, value in headers.items()}
    if _is_machine(lowered):
        return "machine"
    suppressed = lowered.get("x-auto-response-suppress", "").lower()
    if (
        suppressed not in NOT_SUPPRESSED
        or lowered.get("precedence", "").lower() == "list"
        or any(name in lowered for name in QUIET_HEADERS)
    ):
        return "quiet"
    return "person"


def _is_machine(headers: Mapping[str, str]) -> bool:
    submitted = headers.get("auto-submitted", "no").split(";")[0].strip().lower()
    return (
        submitted not in ("", "no")
        or headers.get("precedence", "").lower() in MACHINE_PRECEDENCE
        or headers.get("return-path") == "<>"
        or any(name in headers for name in MACHINE_HEADERS)
    )


def own_words(text: str) -> str:
    """Return what the writer of a reply added, without what the reply quotes.

    >>> own_words("It works.\\n\\nOn Monday Ann wrote:\\n> Does it work?")
    'It works.'
    """
    lines = []
    for line in text.splitlines():
        if QUOTED_LINE.match(line):
            break
        lines.append(line)
    return "\n".join(lines).strip()


def is_courtesy(text: str) -> bool:
    """Return whether a reply does no more than say thank you.

    :param text: plain text of the reply, quotations included
    """
    words = own_words(text)
    if not words or len(words) > COURTESY_CHARACTERS:
        return False
    if len(words.split()) > COURTESY_WORDS or "?" in words or "？" in words:
        return False
    return bool(
        THANKS.search(words) and not CONTRADICTIONS.search(HARMLESS.sub("", words))
    )


def forwarded_sender(text: str) -> str | None:
    """Return the address of who wrote the message that ``text`` forwards, if any.

    >>> forwarded_sender("FYI\\n\\nFrom: Ann Lee <ann@example.com>\\nTo: us")
    'ann@example.com'
    """
    for match in FORWARDED_FROM.finditer(text):
        address = ADDRESS.search(match.group(1))
        if address:
            return address.group().lower()
    return None
