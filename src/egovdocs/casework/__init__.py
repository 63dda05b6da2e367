"""How a request proceeds: procedures, deadlines, journal, decisions.

One module a use case, named by what it does. Each takes the site's :class:`Office` and persistent objects,
and says no by a :class:`Refusal` (the regulation's, journaled) or a :class:`Mistake` (a person's; nothing was
changed).
"""

from egovdocs.casework.add_staff import add_staff
from egovdocs.casework.answer_questionnaire import (
    LEAST,
    answer_questionnaire,
    can_be_asked,
    find_by_code,
)
from egovdocs.casework.attach_file import attach_file, mark_papers, remove_file
from egovdocs.casework.certify_finding import certify_finding
from egovdocs.casework.change_settings import change_settings
from egovdocs.casework.collect_outcome import collect_outcome, is_uncollected
from egovdocs.casework.count_case import count_anew, count_differences, is_late
from egovdocs.casework.deadlines import WorkingCalendar
from egovdocs.casework.decide_case import draft_outcome, grant_case, refuse_case, return_case
from egovdocs.casework.draft_request import draft_request, find_problems
from egovdocs.casework.end_case import end_case
from egovdocs.casework.errors import Decided, Mistake, Problems, Refusal, TryLater, WrongAnswer, WrongFile
from egovdocs.casework.examine_document import Finding, Verdict, examine_document, examine_licence
from egovdocs.casework.hand_in_request import hand_in_request
from egovdocs.casework.hand_out import collect_by, hand_out
from egovdocs.casework.indicators import Indicators, read_indicators, share_in_time
from egovdocs.casework.issue_outcome import check_may_sign, check_two_persons, issue_outcome, offer_outcome
from egovdocs.casework.log_in import log_in
from egovdocs.casework.look_up_applicant import look_up_applicant
from egovdocs.casework.notify import NOTICES, handlers, notify
from egovdocs.casework.office import Office
from egovdocs.casework.open_case import open_case
from egovdocs.casework.order_licence import ORDERS, issue_order, offer_order, possible_orders
from egovdocs.casework.pay_fee import (
    CANNOT_BE_PAID,
    amount_due,
    ask_of_payment,
    can_be_paid,
    check_payment,
    fee_by,
    fee_of,
    hear_of_payment,
    payment_handlers,
    start_payment,
    take_payment_notice,
)
from egovdocs.casework.read_document import Altered, read_document
from egovdocs.casework.receive_visitor import RECEIVING, receive_visitor, services_received
from egovdocs.casework.register_applicant import new_challenge, register_applicant
from egovdocs.casework.remark_case import (
    check_takes_down,
    enter_answer,
    make_remark,
    offer_answer,
    open_remark,
)
from egovdocs.casework.renew_evidence import (
    RENEWAL,
    begin_renewals,
    documents_to_renew,
    renew_evidence,
)
from egovdocs.casework.review_case import (
    claim_case,
    hand_over,
    may_review,
    officers,
    release_case,
    set_checklist,
    stands_in,
)
from egovdocs.casework.save_page import save_page
from egovdocs.casework.send_request import sending_handlers, take_sent
from egovdocs.casework.sign_document import complete_signing, prepare_signing, upload_signed
from egovdocs.casework.sign_many import MOST_AT_ONCE, Uploaded, offer_outcomes, signings_of, upload_many
from egovdocs.casework.status import LABELS, Status, status
from egovdocs.casework.submit_request import (
    is_signed_by_person,
    offer_request,
    seal_request,
    submit_request,
)
from egovdocs.casework.take_evidence import (
    EVIDENCE,
    RENEWED_BEFORE,
    augmented_document,
    message_about,
    take_evidence,
    validate_again,
    validate_kept,
)
from egovdocs.casework.take_leave import absent_colleagues, end_leave, take_leave
from egovdocs.casework.tell_centre import outcome_of, tell_centre
from egovdocs.casework.withdraw_request import check_may_withdraw, enter_withdrawal, offer_withdrawal

__all__ = [
    "CANNOT_BE_PAID",
    "EVIDENCE",
    "LABELS",
    "LEAST",
    "MOST_AT_ONCE",
    "NOTICES",
    "ORDERS",
    "RECEIVING",
    "RENEWAL",
    "RENEWED_BEFORE",
    "Altered",
    "Decided",
    "Finding",
    "Indicators",
    "Mistake",
    "Office",
    "Problems",
    "Refusal",
    "Status",
    "TryLater",
    "Uploaded",
    "Verdict",
    "WorkingCalendar",
    "WrongAnswer",
    "WrongFile",
    "absent_colleagues",
    "add_staff",
    "amount_due",
    "answer_questionnaire",
    "ask_of_payment",
    "attach_file",
    "augmented_document",
    "begin_renewals",
    "can_be_asked",
    "can_be_paid",
    "certify_finding",
    "change_settings",
    "check_may_sign",
    "check_may_withdraw",
    "check_payment",
    "check_takes_down",
    "check_two_persons",
    "claim_case",
    "collect_by",
    "collect_outcome",
    "complete_signing",
    "count_anew",
    "count_differences",
    "documents_to_renew",
    "draft_outcome",
    "draft_request",
    "end_case",
    "end_leave",
    "enter_answer",
    "enter_withdrawal",
    "examine_document",
    "examine_licence",
    "fee_by",
    "fee_of",
    "find_by_code",
    "find_problems",
    "grant_case",
    "hand_in_request",
    "hand_out",
    "hand_over",
    "handlers",
    "hear_of_payment",
    "is_late",
    "is_signed_by_person",
    "is_uncollected",
    "issue_order",
    "issue_outcome",
    "log_in",
    "look_up_applicant",
    "make_remark",
    "mark_papers",
    "may_review",
    "message_about",
    "new_challenge",
    "notify",
    "offer_answer",
    "offer_order",
    "offer_outcome",
    "offer_outcomes",
    "offer_request",
    "offer_withdrawal",
    "officers",
    "open_case",
    "open_remark",
    "outcome_of",
    "payment_handlers",
    "possible_orders",
    "prepare_signing",
    "read_document",
    "read_indicators",
    "receive_visitor",
    "refuse_case",
    "register_applicant",
    "release_case",
    "remove_file",
    "renew_evidence",
    "return_case",
    "save_page",
    "seal_request",
    "sending_handlers",
    "services_received",
    "set_checklist",
    "share_in_time",
    "signings_of",
    "stands_in",
    "start_payment",
    "status",
    "submit_request",
    "take_evidence",
    "take_leave",
    "take_payment_notice",
    "take_sent",
    "tell_centre",
    "upload_many",
    "upload_signed",
    "validate_again",
    "validate_kept",
]
