"""The openai package for chat and embeddings: AzureOpenAI and OpenAI (v1), with all they need from the environment."""

import json
import unittest

import openai
from openai import AsyncAzureOpenAI, AsyncOpenAI, AzureOpenAI, OpenAI

from service import HELLO, LIMITED, WEATHER, Event


class Chat:
    def test_answers_as_long_as_asked(self):
        client = self.client
        answer = client.chat.completions.create(model="gpt-4o", messages=HELLO, max_tokens=12)
        self.assertTrue(answer.choices[0].message.content)
        self.assertEqual(answer.choices[0].finish_reason, "length")
        self.assertEqual(answer.usage.completion_tokens, 12)
        self.assertEqual(answer.usage.total_tokens, answer.usage.prompt_tokens + 12)

    def test_streams_in_many_parts(self):
        client = self.client
        chunks = list(
            client.chat.completions.create(
                model="gpt-4o", messages=HELLO, max_tokens=12, stream=True, stream_options={"include_usage": True}
            )
        )
        parts = [chunk.choices[0].delta.content for chunk in chunks if chunk.choices]
        self.assertEqual(len([part for part in parts if part]), 12)
        self.assertEqual(chunks[-1].usage.completion_tokens, 12)

    def test_follows_a_stream_with_its_helper(self):
        client = self.client
        with client.chat.completions.stream(model="gpt-4o", messages=HELLO) as stream:
            said = "".join(event.delta for event in stream if event.type == "content.delta")
            final = stream.get_final_completion()
        self.assertEqual(final.choices[0].message.content, said)

    def test_calls_a_tool_and_answers_once_it_has_the_result(self):
        client = self.client
        ask = {"model": "gpt-4o", "tools": [WEATHER]}
        first = client.chat.completions.create(messages=HELLO, **ask).choices[0]
        self.assertEqual(first.finish_reason, "tool_calls")
        call = first.message.tool_calls[0]
        self.assertEqual(list(json.loads(call.function.arguments)), ["city"])
        result = {"role": "tool", "tool_call_id": call.id, "content": "21 degrees"}
        second = client.chat.completions.create(messages=[*HELLO, first.message, result], **ask).choices[0]
        self.assertEqual(second.finish_reason, "stop")
        self.assertTrue(second.message.content)

    def test_streams_the_call_of_a_tool(self):
        client = self.client
        stream = client.chat.completions.create(model="gpt-4o", messages=HELLO, tools=[WEATHER], stream=True)
        deltas = [chunk.choices[0].delta for chunk in stream if chunk.choices]
        pieces = [call.function for delta in deltas for call in delta.tool_calls or []]
        self.assertEqual(pieces[0].name, "weather")
        self.assertEqual(list(json.loads("".join(piece.arguments or "" for piece in pieces))), ["city"])

    def test_parses_an_answer_and_the_arguments_of_a_tool(self):
        client = self.client
        answer = client.chat.completions.parse(model="gpt-4o", messages=HELLO, response_format=Event)
        self.assertIsInstance(answer.choices[0].message.parsed, Event)
        tools = [openai.pydantic_function_tool(Event)]
        answer = client.chat.completions.parse(model="gpt-4o", messages=HELLO, tools=tools)
        self.assertIsInstance(answer.choices[0].message.tool_calls[0].function.parsed_arguments, Event)

    def test_tells_a_cut_off_answer_from_one_that_can_be_parsed(self):
        client = self.client
        with self.assertRaises(openai.LengthFinishReasonError):
            client.chat.completions.parse(model="gpt-4o", messages=HELLO, response_format=Event, max_tokens=1)

    def test_completes_a_prompt(self):
        client = self.client
        answer = client.completions.create(model="gpt-35-turbo-instruct", prompt="Once", max_tokens=5)
        self.assertEqual(answer.usage.completion_tokens, 5)

    def test_embeds_texts_in_base64_which_the_client_asks_for_by_itself(self):
        client = self.client
        one = client.embeddings.create(model="text-embedding-3-small", input="A cat").data
        many = client.embeddings.create(model="text-embedding-3-small", input=["A dog", "A cat"]).data
        self.assertEqual(len(one[0].embedding), 1536)
        self.assertEqual(many[1].embedding, one[0].embedding)

    def test_lists_models(self):
        client = self.client
        self.assertIn("gpt-4o", {model.id.split("-2")[0] for model in client.models.list()})


class ChatOverAzure(Chat, unittest.TestCase):
    client = AzureOpenAI(max_retries=0)


class ChatOverV1(Chat, unittest.TestCase):
    client = OpenAI(max_retries=0)


class Refusals(unittest.TestCase):
    def test_have_the_types_of_the_client(self):
        for client in (AzureOpenAI(max_retries=0), OpenAI(max_retries=0)):
            with self.subTest(client=type(client).__name__):
                with self.assertRaises(openai.BadRequestError) as refused:
                    client.chat.completions.create(model="gpt-4o", messages=HELLO, temperature=3)
                self.assertEqual(refused.exception.param, "temperature")
                with self.assertRaises(openai.AuthenticationError) as refused:
                    client.with_options(api_key="another").chat.completions.create(model="gpt-4o", messages=HELLO)
                self.assertEqual(refused.exception.code, "401")
                with self.assertRaises(openai.NotFoundError):
                    client.files.retrieve("assistant-0123456789abcdef")

    def test_beyond_a_limit_name_the_wait(self):
        client = AzureOpenAI(max_retries=0)
        with self.assertRaises(openai.RateLimitError) as refused:
            for _ in range(3):
                client.chat.completions.create(model=LIMITED, messages=HELLO)
        headers = refused.exception.response.headers
        self.assertGreater(int(headers["retry-after"]), 0)
        self.assertGreater(int(headers["retry-after-ms"]), 0)

    def test_of_a_filtered_prompt_tell_which_filter(self):
        client = AzureOpenAI(max_retries=0)
        with self.assertRaises(openai.BadRequestError) as refused:
            client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "a forbidden word"}])
        self.assertEqual(refused.exception.code, "content_filter")
        self.assertTrue(refused.exception.body["innererror"]["content_filter_result"]["violence"]["filtered"])


class Asynchronous(unittest.IsolatedAsyncioTestCase):
    async def test_answers_and_streams(self):
        for client in (AsyncAzureOpenAI(max_retries=0), AsyncOpenAI(max_retries=0)):
            async with client:
                answer = await client.chat.completions.create(model="gpt-4o", messages=HELLO, max_tokens=5)
                self.assertEqual(answer.usage.completion_tokens, 5)
                stream = await client.chat.completions.create(
                    model="gpt-4o", messages=HELLO, max_tokens=5, stream=True
                )
                parts = [chunk.choices[0].delta.content async for chunk in stream if chunk.choices]
                self.assertEqual(len([part for part in parts if part]), 5)
