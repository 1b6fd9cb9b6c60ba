"""What the Spark job needs on the machine."""

import sys
from types import ModuleType

import pytest

from orchestration.spark.session import SparkUnavailableError, check_available


def test_missing_pyspark_is_named_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(SparkUnavailableError, match=r"PySpark is not installed.*make spark"):
        check_available()


def test_missing_java_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "pyspark", ModuleType("pyspark"))
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(SparkUnavailableError, match="Java is not on this machine"):
        check_available()
    monkeypatch.setenv("JAVA_HOME", "/usr/lib/jvm/java")
    check_available()
