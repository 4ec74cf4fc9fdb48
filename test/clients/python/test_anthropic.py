"""The anthropic package, as it speaks to Claude on Foundry."""

import unittest

import anthropic
from anthropic import AnthropicFoundry

from service import HELLO

ASK = {"model": "claude-sonnet-4-5", "messages": HELLO, "max_tokens": 12}


class Claude(unittest.TestCase):
    def setUp(self):
        self.client = AnthropicFoundry(max_retries=0)

    def test_answers_and_counts_tokens(self):
        answer = self.client.messages.create(**ASK)
        self.assertTrue(answer.content[0].text)
        self.assertEqual((answer.stop_reason, answer.usage.output_tokens), ("max_tokens", 12))
        counted = self.client.messages.count_tokens(model=ASK["model"], messages=HELLO)
        self.assertEqual(counted.input_tokens, answer.usage.input_tokens)

    def test_streams(self):
        with self.client.messages.stream(**ASK) as stream:
            said = "".join(stream.text_stream)
            self.assertEqual(stream.get_final_text(), said)
            self.assertEqual(stream.get_final_message().usage.output_tokens, 12)

    def test_calls_a_tool(self):
        schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
        answer = self.client.messages.create(
            model="claude-sonnet-4-5", messages=HELLO, max_tokens=500, tools=[{"name": "weather", "input_schema": schema}]
        )
        call = next(block for block in answer.content if block.type == "tool_use")
        self.assertEqual((call.name, list(call.input)), ("weather", ["city"]))

    def test_is_told_why_it_is_refused(self):
        with self.assertRaises(anthropic.BadRequestError):
            self.client.messages.create(**{**ASK, "max_tokens": -1})
        with self.assertRaises(anthropic.AuthenticationError):
            AnthropicFoundry(api_key="another", max_retries=0).messages.create(**ASK)
