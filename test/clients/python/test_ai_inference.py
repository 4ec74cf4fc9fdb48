"""The azure-ai-inference package, over one deployment and over the model inference API."""

import unittest

from azure.ai.inference import ChatCompletionsClient, EmbeddingsClient
from azure.ai.inference.models import UserMessage
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import HttpResponseError

from service import ENDPOINT, KEY

CREDENTIAL = AzureKeyCredential(KEY)


class Chat:
    def test_answers_and_streams(self):
        answer = self.client.complete(messages=[UserMessage("Say hello.")], max_tokens=12)
        self.assertEqual(answer.usage.completion_tokens, 12)
        stream = self.client.complete(messages=[UserMessage("Say hello.")], max_tokens=12, stream=True)
        parts = [update.choices[0].delta.content for update in stream if update.choices]
        self.assertEqual(len([part for part in parts if part]), 12)

    def test_is_told_why_it_is_refused(self):
        with self.assertRaises(HttpResponseError) as refused:
            self.client.complete(messages=[UserMessage("Say hello.")], temperature=3)
        self.assertEqual(refused.exception.status_code, 400)


class ChatOverModelInference(Chat, unittest.TestCase):
    client = ChatCompletionsClient(f"{ENDPOINT}/models", CREDENTIAL, model="gpt-4o")


class ChatOverADeployment(Chat, unittest.TestCase):
    client = ChatCompletionsClient(f"{ENDPOINT}/openai/deployments/gpt-4o", CREDENTIAL, api_version="2024-10-21")


class Embeddings(unittest.TestCase):
    def test_embed_texts(self):
        client = EmbeddingsClient(f"{ENDPOINT}/models", CREDENTIAL, model="text-embedding-3-small")
        self.assertEqual(len(client.embed(input=["A cat"]).data[0].embedding), 1536)
