"""Errors that end a run with a sentence, and without a stack trace in the run's records.

Dagster stores an exception with its traceback, and the UI shows both as the end of the run. The
stack of an expected error says nothing to an operator, and hides the sentence that does. Dagster
stores the error that a process of user code reports as it is, so these exceptions carry their own.
Unexpected exceptions keep their stack.
"""

import dagster as dg
from dagster._core.errors import DagsterExecutionInterruptedError, DagsterUserCodeProcessError
from dagster_shared.error import SerializableErrorInfo


class RunEndedError(DagsterUserCodeProcessError, dg.Failure):
    """Fails a step, or a run that cannot start, with this problem. The step is not retried."""

    def __init__(self, problem: str) -> None:
        dg.Failure.__init__(self, problem, allow_retries=False)
        self.user_code_process_error_infos = [_without_stack(problem)]


class RunStoppedError(
    DagsterUserCodeProcessError, DagsterExecutionInterruptedError, KeyboardInterrupt
):
    """Ends a run that the user stopped. Dagster records it as cancelled."""

    def __init__(self, message: str) -> None:
        BaseException.__init__(self, message)
        self.user_code_process_error_infos = [_without_stack(message)]


def _without_stack(message: str) -> SerializableErrorInfo:
    return SerializableErrorInfo(message, stack=[], cls_name=None)


def reason_of(event: dg.DagsterEvent) -> str:
    """The message of a failure event: of `dg.Failure`, else of the first cause of the exception."""
    data = event.event_specific_data
    failure = getattr(data, "user_failure_data", None)
    error: SerializableErrorInfo | None = getattr(data, "error", None)
    if failure and failure.description:
        return str(failure.description)
    while error and error.cause:
        error = error.cause
    return error.message.strip() if error else event.message or event.event_type_value
