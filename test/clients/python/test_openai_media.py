"""The openai package for sounds, pictures, files and batches: AzureOpenAI and OpenAI (v1)."""

import base64
import io
import json
import time
import unittest
import wave

from openai import AzureOpenAI, OpenAI

from service import HELLO, size_of_png, sound


class Media:
    def test_speaks(self):
        client = self.client
        ask = {"model": "gpt-4o-mini-tts", "voice": "alloy", "input": "Hello, here is the weather."}
        with client.audio.speech.with_streaming_response.create(response_format="wav", **ask) as answer:
            spoken = b"".join(answer.iter_bytes())
        with wave.open(io.BytesIO(spoken)) as reader:
            self.assertGreater(reader.getframerate(), 8_000)
        self.assertGreater(len(client.audio.speech.create(**ask).content), 1_000)

    def test_transcribes(self):
        client = self.client
        file = sound(10)
        self.assertTrue(client.audio.transcriptions.create(model="whisper", file=file).text)
        verbose = client.audio.transcriptions.create(
            model="whisper", file=file, response_format="verbose_json", timestamp_granularities=["word"]
        )
        self.assertAlmostEqual(float(verbose.duration), 10, delta=0.5)
        self.assertGreater(len(verbose.words), 5)
        subtitles = client.audio.transcriptions.create(model="whisper", file=file, response_format="srt")
        self.assertIn("-->", subtitles)

    def test_streams_a_transcription(self):
        client = self.client
        stream = client.audio.transcriptions.create(model="gpt-4o-transcribe", file=sound(10), stream=True)
        events = list(stream)
        said = "".join(event.delta for event in events if event.type == "transcript.text.delta")
        self.assertEqual(events[-1].type, "transcript.text.done")
        self.assertEqual(events[-1].text, said)

    def test_translates(self):
        client = self.client
        self.assertTrue(client.audio.translations.create(model="whisper", file=sound(10)).text)

    def test_draws_and_edits(self):
        client = self.client
        drawn = client.images.generate(model="gpt-image-1", prompt="A cat", size="1536x1024")
        picture = base64.b64decode(drawn.data[0].b64_json)
        self.assertEqual(size_of_png(picture), (1536, 1024))
        self.assertGreater(drawn.usage.output_tokens, 0)
        edited = client.images.edit(
            model="gpt-image-1", image=("cat.png", picture, "image/png"), prompt="At night", size="1024x1024"
        )
        self.assertEqual(size_of_png(base64.b64decode(edited.data[0].b64_json)), (1024, 1024))

    def test_streams_a_picture(self):
        client = self.client
        events = list(
            client.images.generate(model="gpt-image-1", prompt="A cat", stream=True, partial_images=2)
        )
        kinds = [event.type.removeprefix("image_generation.") for event in events]
        self.assertEqual(kinds, ["partial_image", "partial_image", "completed"])

    def test_runs_a_batch_from_a_file_to_its_answers(self):
        client = self.client
        url = "/chat/completions" if isinstance(client, AzureOpenAI) else "/v1/chat/completions"
        body = {"model": "gpt-4o", "messages": HELLO, "max_tokens": 5}
        lines = [{"custom_id": f"line-{n}", "method": "POST", "url": url, "body": body} for n in range(3)]
        content = "\n".join(map(json.dumps, lines)).encode()
        file = client.files.create(file=("input.jsonl", content), purpose="batch")
        self.assertEqual(client.files.content(file.id).read(), content)
        batch = client.batches.create(input_file_id=file.id, endpoint=url, completion_window="24h")
        until = time.monotonic() + 15
        while batch.status not in ("completed", "failed") and time.monotonic() < until:
            time.sleep(0.02)
            batch = client.batches.retrieve(batch.id)
        self.assertEqual(batch.status, "completed")
        answers = [json.loads(line) for line in client.files.content(batch.output_file_id).iter_lines()]
        self.assertEqual({answer["custom_id"] for answer in answers}, {"line-0", "line-1", "line-2"})
        for answer in answers:
            self.assertEqual(answer["response"]["body"]["usage"]["completion_tokens"], 5)
        self.assertTrue(client.files.delete(file.id).deleted)


class MediaOverAzure(Media, unittest.TestCase):
    client = AzureOpenAI(max_retries=0)


class MediaOverV1(Media, unittest.TestCase):
    client = OpenAI(max_retries=0)
