"""azure-ai-projects: conversations of a project, and what is said in them."""

import os
import time
import unittest

from azure.ai.projects import AIProjectClient
from azure.core.credentials import AccessToken


class Credential:
    """Any token: the simulator is told to take it."""

    def get_token(self, *scopes: str, **_: object) -> AccessToken:
        return AccessToken("any-token", int(time.time()) + 3_600)


class Conversations(unittest.TestCase):
    def setUp(self):
        project = AIProjectClient(os.environ["AZURE_AI_PROJECT_ENDPOINT"], Credential())
        self.client = project.get_openai_client()

    def test_are_kept_and_gone_on_with(self):
        conversation = self.client.conversations.create(
            items=[{"type": "message", "role": "user", "content": "My name is Ada."}]
        )
        self.assertTrue(conversation.id.startswith("conv_"))
        response = self.client.responses.create(model="gpt-4.1", input="What is my name?", conversation=conversation.id)
        self.assertTrue(response.output_text)
        items = self.client.conversations.items.list(conversation.id, order="asc").data
        self.assertEqual([item.role for item in items], ["user", "user", "assistant"])
        self.client.conversations.items.create(conversation.id, items=[{"type": "message", "role": "user", "content": "More."}])
        self.assertEqual(len(self.client.conversations.items.list(conversation.id).data), 4)
        self.client.conversations.update(conversation.id, metadata={"topic": "names"})
        self.assertEqual(self.client.conversations.retrieve(conversation.id).metadata, {"topic": "names"})
        self.assertTrue(self.client.conversations.delete(conversation.id).deleted)


if __name__ == "__main__":
    unittest.main()
