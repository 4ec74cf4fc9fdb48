"""The openai package over WebSockets: Realtime, and Responses."""

import array
import base64
import json
import math
import os
import unittest

from openai import OpenAI

client = OpenAI()


def tone(ms: int, loudness: float) -> str:
    samples = array.array("h", (round(32_767 * loudness * math.sin(2 * math.pi * 200 * at / 24_000)) for at in range(24 * ms)))
    return base64.b64encode(samples.tobytes()).decode()


def until(connection, kind: str) -> list:
    """All events up to the next of that kind."""
    events = []
    for event in connection:
        events.append(event)
        if event.type == kind:
            return events
    raise AssertionError(f"closed before {kind}")


class Realtime(unittest.TestCase):
    def test_hears_speech_and_answers_aloud(self):
        with client.realtime.connect(model="gpt-realtime") as connection:
            until(connection, "session.created")
            connection.session.update(session={"type": "realtime", "instructions": "Be brief.", "output_modalities": ["audio"]})
            updated = until(connection, "session.updated")[-1]
            self.assertEqual(updated.session.instructions, "Be brief.")
            for audio in (tone(700, 0.2), tone(400, 0)):
                connection.input_audio_buffer.append(audio=audio)
            events = until(connection, "response.done")
            kinds = [event.type for event in events]
            self.assertLess(kinds.index("input_audio_buffer.speech_started"), kinds.index("input_audio_buffer.speech_stopped"))
            sound = b"".join(base64.b64decode(event.delta) for event in events if event.type == "response.output_audio.delta")
            said = next(event.transcript for event in events if event.type == "response.output_audio_transcript.done")
            self.assertGreater(len(sound), 0)
            usage = events[-1].response.usage
            self.assertEqual(usage.output_token_details.audio_tokens, math.ceil(len(sound) / 48 / 50))
            self.assertEqual(events[-1].response.output[0].content[0].transcript, said)

    def test_calls_tools_and_goes_on(self):
        weather = {"type": "function", "name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}
        with client.realtime.connect(model="gpt-realtime") as connection:
            connection.session.update(session={"type": "realtime", "output_modalities": ["text"], "tools": [weather], "tool_choice": "required"})
            connection.conversation.item.create(item={"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Weather?"}]})
            connection.response.create()
            call = until(connection, "response.done")[-1].response.output[0]
            self.assertIn("city", json.loads(call.arguments))
            connection.conversation.item.create(item={"type": "function_call_output", "call_id": call.call_id, "output": "sunny"})
            connection.response.create(response={"tool_choice": "none"})
            done = until(connection, "response.done")[-1].response
            self.assertEqual(done.status, "completed")
            self.assertTrue(done.output[0].content[0].text)

    def test_has_secrets_for_its_clients(self):
        secret = client.realtime.client_secrets.create(session={"type": "realtime", "model": "gpt-realtime", "instructions": "Hush."})
        with OpenAI(api_key=secret.value).realtime.connect(model="gpt-realtime") as connection:
            self.assertEqual(until(connection, "session.created")[-1].session.instructions, "Hush.")


class Responses(unittest.TestCase):
    def test_go_on_from_each_other(self):
        with client.responses.connect() as connection:
            connection.response.create(model="gpt-4.1", input="My name is Ada.", store=False)
            first = until(connection, "response.completed")
            self.assertEqual(first[0].type, "response.created")
            response = first[-1].response
            self.assertTrue(response.output_text)
            connection.response.create(model="gpt-4.1", input="What is it?", store=False, previous_response_id=response.id)
            second = until(connection, "response.completed")[-1].response
            self.assertGreater(second.usage.input_tokens, response.usage.input_tokens)

    def test_say_what_is_not_there(self):
        with client.responses.connect() as connection:
            connection.response.create(model="gpt-4.1", input="x", previous_response_id="resp_none")
            error = until(connection, "error")[-1]
            self.assertIn("previous_response_not_found", error.model_dump_json())


if __name__ == "__main__":
    unittest.main()
