"""LangChain's AzureChatOpenAI and AzureOpenAIEmbeddings."""

import unittest

import openai
from langchain_core.messages import HumanMessage
from langchain_core.tools import tool
from langchain_openai import AzureChatOpenAI, AzureOpenAIEmbeddings

from service import Event


@tool
def weather(city: str) -> str:
    """Tells the weather."""
    return f"21 degrees in {city}"


class LangChain(unittest.TestCase):
    def setUp(self):
        self.chat = AzureChatOpenAI(azure_deployment="gpt-4o", max_retries=0)

    def test_answers_and_tells_what_it_cost(self):
        answer = self.chat.bind(max_tokens=12).invoke("Hello")
        self.assertTrue(answer.content)
        self.assertEqual(answer.usage_metadata["output_tokens"], 12)
        self.assertEqual(answer.response_metadata["finish_reason"], "length")

    def test_streams_in_many_parts(self):
        parts = [part.content for part in self.chat.bind(max_tokens=12).stream("Hello")]
        self.assertEqual(len([part for part in parts if part]), 12)

    def test_calls_a_tool_and_answers_once_it_has_the_result(self):
        model = self.chat.bind_tools([weather])
        messages = [HumanMessage("Weather?")]
        asked = model.invoke(messages)
        self.assertEqual([call["name"] for call in asked.tool_calls], ["weather"])
        result = weather.invoke(asked.tool_calls[0])
        self.assertIn("21 degrees", result.content)
        answer = model.invoke([*messages, asked, result])
        self.assertEqual(answer.tool_calls, [])
        self.assertTrue(answer.content)

    def test_gets_structured_output(self):
        for method in ("json_schema", "function_calling"):
            with self.subTest(method=method):
                answer = self.chat.with_structured_output(Event, method=method).invoke("Plan an event.")
                self.assertIsInstance(answer, Event)

    def test_embeds_texts(self):
        embeddings = AzureOpenAIEmbeddings(azure_deployment="text-embedding-3-small", check_embedding_ctx_length=False)
        one = embeddings.embed_query("A cat")
        self.assertEqual(len(one), 1536)
        self.assertEqual(embeddings.embed_documents(["A dog", "A cat"])[1], one)

    def test_asks_for_responses_where_it_is_told_to(self):
        model = AzureChatOpenAI(
            azure_deployment="gpt-4.1", use_responses_api=True, api_version="2025-04-01-preview", max_retries=0
        )
        answer = model.invoke("Hello")
        self.assertTrue(answer.text)
        self.assertEqual(answer.response_metadata["object"], "response")

    def test_is_told_why_it_is_refused(self):
        with self.assertRaises(openai.BadRequestError):
            AzureChatOpenAI(azure_deployment="gpt-4o", temperature=3, max_retries=0).invoke("Hello")
