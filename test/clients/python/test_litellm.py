"""LiteLLM's azure/ models."""

import json
import unittest

import litellm

from service import HELLO, WEATHER, Event


class LiteLLM(unittest.TestCase):
    def test_answers_and_streams(self):
        answer = litellm.completion("azure/gpt-4o", HELLO, max_tokens=12)
        self.assertEqual(answer.usage.completion_tokens, 12)
        stream = litellm.completion("azure/gpt-4o", HELLO, max_tokens=12, stream=True)
        said = "".join(chunk.choices[0].delta.content or "" for chunk in stream)
        self.assertTrue(said)

    def test_calls_tools(self):
        message = litellm.completion("azure/gpt-4o", HELLO, tools=[WEATHER]).choices[0].message
        self.assertEqual(list(json.loads(message.tool_calls[0].function.arguments)), ["city"])

    def test_gets_structured_output(self):
        answer = litellm.completion("azure/gpt-4o", HELLO, response_format=Event)
        Event.model_validate_json(answer.choices[0].message.content)

    def test_embeds_texts(self):
        answer = litellm.embedding("azure/text-embedding-3-small", ["A cat"])
        self.assertEqual(len(answer.data[0]["embedding"]), 1536)

    def test_asks_for_responses(self):
        answer = litellm.responses("Say hello.", "azure/gpt-4.1", api_version="2025-04-01-preview")
        self.assertEqual(answer.status, "completed")

    def test_is_told_why_it_is_refused(self):
        with self.assertRaises(litellm.BadRequestError):
            litellm.completion("azure/gpt-4o", HELLO, temperature=3)
