"""The kit by itself: how it starts a simulator, and what it tells of what goes wrong."""

import openai
import pytest

from aoai_simulator import ControlError, ExpectationError, connect, start_simulator


def test_rules_come_and_go(aoai_session):
    rule = aoai_session.add_rule({"then": {"text": "one"}})
    aoai_session.add_rule({"id": "first", "then": {"text": "two"}}, first=True)
    aoai_session.change_rule("first", {"then": {"text": "three"}})
    assert [each["id"] for each in aoai_session.rules()] == ["first", rule["id"]]
    aoai_session.remove_rule("first")
    assert len(aoai_session.set_rules([])) == 0


def test_every_problem_is_told(aoai_session, aoai_simulator):
    with pytest.raises(ControlError, match=r"(?s)when\.promt: .*prompt.*then\.fault") as refused:
        aoai_session.add_rule({"when": {"promt": "x"}, "then": {"fault": "explode"}})
    assert refused.value.status == 400
    with pytest.raises(ControlError, match="lifetime"):
        aoai_simulator.session(lifetime="long")


def test_what_is_not_met_is_told_with_what_was_seen(aoai_session):
    with pytest.raises(ExpectationError, match="expected 2, seen 0") as missed:
        aoai_session.expect({"count": 2}, within="0s")
    assert missed.value.seen["requests"] == 0
    assert isinstance(missed.value, AssertionError)
    assert aoai_session.requests(status=429) == []


def test_a_session_ends_once_and_its_simulator_goes_on(aoai_simulator):
    with aoai_simulator.session() as session:
        assert session.end() == {"calls": 0, "running": 0, "statuses": {}}
    same = connect(aoai_simulator.endpoint + "/", aoai_simulator.api_key)
    same.change({"azure": {"region": "Norway East"}})
    assert same.timeline()["state"] == "none"


def test_a_start_that_fails_says_why(tmp_path, monkeypatch):
    monkeypatch.delenv("AOAI_SIMULATOR_URL", raising=False)
    config = tmp_path / "sim.yaml"
    config.write_text("mod: generate\n")
    with pytest.raises(RuntimeError, match="did you mean mode"):
        start_simulator(config=str(config))


def test_the_verdict_tells_how_callers_behaved(aoai_session):
    aoai_session.add_rule({"when": {"prompt": "bad"}, "then": {"error": {"status": 400, "code": "bad"}}})
    client = openai.OpenAI(**aoai_session.openai, max_retries=0)
    for _ in range(2):
        with pytest.raises(openai.BadRequestError):
            client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "bad"}])
    verdict = aoai_session.verdict()
    assert (verdict["level"], verdict["attempts"]) == ("fail", 2)
    assert [mark["name"] for mark in verdict["marks"] if mark["level"] == "fail"] == ["retriesHopeless"]
