"""Bad input of every kind, at every public function and method: 5000 cases here, 100,000 in `make soak`."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.hostile.ask import check, share, spoiled
from tests.hostile.calls import calls

CASES = 5000


@pytest.mark.slow
@pytest.mark.parametrize("call", calls(), ids=lambda call: call.name)
def test_bad_input_is_refused_or_answered(call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    @settings(
        max_examples=share(call, calls(), CASES),
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def attempt(data):
        check(call, *data.draw(spoiled(call)))

    attempt()
