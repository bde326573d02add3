"""The known defects: each is a patch that applies, with a sentence that says what is wrong."""

import subprocess

import pytest
from verification.defects import ROOT, defects


@pytest.mark.parametrize("defect", defects(), ids=lambda defect: defect.name)
def test_a_defect_applies_and_says_what_is_wrong(defect):
    done = subprocess.run(
        ["git", "apply", "--check", "--verbose", defect.patch], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "Skipped" not in done.stderr
    assert defect.sentence.endswith(".")
    assert not defect.sentence.startswith("---")


def test_there_are_as_many_as_there_were():
    assert len(defects()) >= 28
