"""The openai package for responses: AzureOpenAI and OpenAI (v1)."""

import json
import time
import unittest

import openai
from openai import AzureOpenAI, OpenAI

from service import WEATHER, Event


class Responses:
    def test_answers_goes_on_from_a_stored_response_and_deletes_it(self):
        client = self.client
        first = client.responses.create(model="gpt-4.1", input="Say hello.")
        self.assertTrue(first.output_text)
        second = client.responses.create(model="gpt-4.1", input="And again.", previous_response_id=first.id)
        self.assertGreater(second.usage.input_tokens, first.usage.input_tokens)
        self.assertEqual(client.responses.retrieve(first.id).output_text, first.output_text)
        self.assertEqual(len(client.responses.input_items.list(first.id).data), 1)
        client.responses.delete(first.id)
        with self.assertRaises(openai.NotFoundError):
            client.responses.retrieve(first.id)

    def test_streams_numbered_events(self):
        client = self.client
        events = list(client.responses.create(model="gpt-4.1", input="Say hello.", stream=True))
        self.assertEqual([event.sequence_number for event in events], list(range(len(events))))
        said = "".join(event.delta for event in events if event.type == "response.output_text.delta")
        self.assertEqual(events[-1].type, "response.completed")
        self.assertEqual(events[-1].response.output_text, said)

    def test_follows_a_stream_with_its_helper_and_parses_it(self):
        client = self.client
        with client.responses.stream(model="gpt-4.1", input="Plan an event.", text_format=Event) as stream:
            for _ in stream:
                pass
            self.assertIsInstance(stream.get_final_response().output_parsed, Event)

    def test_parses_an_answer(self):
        client = self.client
        answer = client.responses.parse(model="gpt-4.1", input="Plan an event.", text_format=Event)
        self.assertIsInstance(answer.output_parsed, Event)

    def test_calls_a_function_and_answers_once_it_has_the_result(self):
        tools = [{"type": "function", **WEATHER["function"], "strict": True}]
        client = self.client
        first = client.responses.create(model="gpt-4.1", input="Weather?", tools=tools)
        call = next(item for item in first.output if item.type == "function_call")
        self.assertEqual(list(json.loads(call.arguments)), ["city"])
        result = {"type": "function_call_output", "call_id": call.call_id, "output": "21 degrees"}
        second = client.responses.create(
            model="gpt-4.1", input=[result], previous_response_id=first.id, tools=tools
        )
        self.assertTrue(second.output_text)

    def test_thinks(self):
        client = self.client
        # This model tells each token of its thoughts; those before it whole steps of 64, and so sometimes none.
        answer = client.responses.create(
            model="gpt-5.2", input="Why?", reasoning={"effort": "medium", "summary": "auto"}
        )
        self.assertGreater(answer.usage.output_tokens_details.reasoning_tokens, 0)
        self.assertEqual([item.type for item in answer.output], ["reasoning", "message"])

    def test_answers_in_the_background(self):
        client = self.client
        answer = client.responses.create(model="gpt-4.1", input="Say hello.", background=True)
        until = time.monotonic() + 15
        while answer.status in ("queued", "in_progress") and time.monotonic() < until:
            time.sleep(0.02)
            answer = client.responses.retrieve(answer.id)
        self.assertEqual(answer.status, "completed")
        self.assertTrue(answer.output_text)


class ResponsesOverAzure(Responses, unittest.TestCase):
    client = AzureOpenAI(max_retries=0, api_version="2025-04-01-preview")


class ResponsesOverV1(Responses, unittest.TestCase):
    client = OpenAI(max_retries=0)
