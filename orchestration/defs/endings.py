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
