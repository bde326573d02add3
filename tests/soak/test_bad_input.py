"""Bad input at every public function and method, at length."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.hostile.ask import check, share, spoiled
from tests.hostile.calls import calls

CASES = 100_000


@pytest.fixture(scope="module")
def tried():
    return []


@pytest.mark.parametrize("call", calls(), ids=lambda call: call.name)
def test_bad_input_is_refused_or_answered(call, tried, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    @settings(
        max_examples=share(call, calls(), CASES),
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def attempt(data):
        check(call, *data.draw(spoiled(call)))
        tried.append(call.name)

    attempt()


def test_as_many_were_tried_as_is_said(tried, figure):
    figure("cases of bad input", len(tried))
    assert len(tried) > 0.9 * CASES
