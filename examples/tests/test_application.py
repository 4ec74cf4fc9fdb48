"""How an application is tested with pytest: each test has a session, a simulated resource that no other test meets."""

from concurrent.futures import ThreadPoolExecutor

import openai
import pytest
from openai import AzureOpenAI

from application import answer, streamed


def test_a_canned_answer(aoai_session):
    aoai_session.add_rule({"when": {"prompt": "opening hours"}, "then": {"text": "From nine to five."}})
    assert answer(AzureOpenAI(**aoai_session.azure), "What are your opening hours?") == {"text": "From nine to five."}


def test_a_tool_call_with_its_arguments(aoai_session):
    aoai_session.add_rule({"then": {"toolCalls": [{"name": "refund", "arguments": {"order": 7}}]}})
    assert answer(AzureOpenAI(**aoai_session.azure), "I want my money back") == {"refund": 7}


def test_throttled_twice_then_answered_by_the_retries_of_the_sdk(aoai_session):
    aoai_session.add_rule({"when": {"call": "1..2"}, "then": {"error": "rateLimit", "retryAfter": "5ms"}})
    answer(AzureOpenAI(**aoai_session.azure), "Hello")
    aoai_session.expect([{"status": 429, "count": 2}, {"status": 200, "count": 1}], in_order=True)


def test_a_500_to_the_end_of_all_retries(aoai_session):
    aoai_session.add_rule({"then": {"error": "serverError", "retryAfter": "5ms"}})
    with pytest.raises(openai.InternalServerError):
        answer(AzureOpenAI(**aoai_session.azure), "Hello")
    aoai_session.expect({"status": 500, "count": 3})


def test_a_stream_that_is_cut_in_the_middle(aoai_session):
    aoai_session.add_rule({"then": {"text": "One two three four five six.", "fault": "cut", "after": {"tokens": 3}}})
    assert streamed(AzureOpenAI(**aoai_session.azure), "Count") == {"text": "One two three", "whole": False}


def test_a_first_token_that_is_too_slow(aoai_session):
    aoai_session.add_rule({"then": {"latency": {"timeToFirstToken": "1min"}}})
    with pytest.raises(openai.APITimeoutError):
        answer(AzureOpenAI(**aoai_session.azure, timeout=0.2, max_retries=0), "Hello")


def test_two_side_by_side_do_not_meet(aoai_simulator):
    def ask(colour):
        with aoai_simulator.session(rules=[{"then": {"text": colour}}]) as session:
            assert answer(AzureOpenAI(**session.azure), "Which colour?") == {"text": colour}
            session.expect({"count": 1})

    with ThreadPoolExecutor() as pool:
        list(pool.map(ask, ["red", "blue"]))


def test_what_was_asked(aoai_session):
    answer(AzureOpenAI(**aoai_session.azure), "Where is order 7?")
    aoai_session.expect({"when": {"prompt": "/order 7/", "system": "help desk", "body": {"model": "gpt-4o"}}, "count": 1})
