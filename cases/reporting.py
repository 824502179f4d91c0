"""A report (melding) about somebody who has a case already: passed on to who handles it, and answered. Plain Python."""

from enum import StrEnum

from stelsel.kernel.lifecycle import Lifecycle, Move


class ReportState(StrEnum):
    WAITING = "waiting"  # with the prosecutor's office of the case
    FORWARDED = "forwarded"  # with the NCTV
    TAKEN = "taken"
    DIFFERENT = "different"  # about somebody else: to be reported anew


REPORT_LIFECYCLE = Lifecycle(
    initial=ReportState.WAITING,
    moves=(
        Move("forward", {ReportState.WAITING}, ReportState.FORWARDED),
        Move("take", {ReportState.WAITING, ReportState.FORWARDED}, ReportState.TAKEN),
        Move("differ", {ReportState.WAITING, ReportState.FORWARDED}, ReportState.DIFFERENT),
    ),
)
OPEN = (ReportState.WAITING, ReportState.FORWARDED)
