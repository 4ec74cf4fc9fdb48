"""The scenarios of scenarios.json with locust: SCENARIO names one, AOAI_KEY and AOAI_DEPLOYMENT say whom to ask."""

import json
import os
import random
import time
import uuid
from pathlib import Path

from locust import HttpUser, LoadTestShape, task

BOOK = json.loads((Path(__file__).parent / "scenarios.json").read_text(encoding="utf-8"))
NAME = os.environ.get("SCENARIO", "steady")
SCENARIO = BOOK["scenarios"][NAME]
DEPLOYMENT = os.environ.get("AOAI_DEPLOYMENT", "load")
KEY = os.environ.get("AOAI_KEY", "")
VERSION = os.environ.get("AOAI_API_VERSION", "2024-10-21")
# What a user does who is refused: "wait" as told, "hurry" back after a second, or "go on" with the next question.
ON429 = os.environ.get("ON429", SCENARIO["on429"])
# So many times shorter, with as many users: to see whether all is in its place.
SHORTEN = float(os.environ.get("SHORTEN", "1"))
MAX_TRIES = 6
# Each is one token with the space before it.
WORDS = "time year people way day thing world life hand part child eye place work week case point home water room".split()


class Stages(LoadTestShape):
    """From stage to stage, evenly from one number of users to the next."""

    def tick(self):
        passed = self.get_run_time() * SHORTEN
        before = 0
        for stage in SCENARIO["stages"]:
            seconds, users = stage["seconds"], stage["users"]
            if passed < seconds:
                now = round(before + (users - before) * passed / seconds)
                return max(1, now), min(100, max(1, users))
            passed -= seconds
            before = users
        return None


def drawn(quantiles):
    """One of a mix, by its twenty-first parts: evenly between two of them."""
    at = random.random() * (len(quantiles) - 1)
    low = int(at)
    return round(quantiles[low] + (quantiles[low + 1] - quantiles[low]) * (at - low))


def lengths():
    tokens = SCENARIO["tokens"]
    if "mix" not in tokens:
        return tokens["prompt"], tokens["answer"]
    mix = BOOK["mixes"][tokens["mix"]]
    return drawn(mix["promptTokens"]), max(1, drawn(mix["answerTokens"]))


class User(HttpUser):
    def wait_time(self):
        return random.uniform(*SCENARIO["thinkSeconds"]) / min(SHORTEN, 5)

    @task
    def ask(self):
        prompt, answer = lengths()
        # A question of its own: the verdict can tell who asked again.
        question = f"{uuid.uuid4()} " + " ".join(random.choices(WORDS, k=max(1, prompt - 30)))
        body = {
            "messages": [{"role": "user", "content": question}],
            "max_tokens": answer,
            "stream": SCENARIO["stream"],
        }
        for _ in range(MAX_TRIES):
            wait = self.attempt(body)
            if wait is None or ON429 == "go on":
                return
            # Who hurries does what the verdict is to find.
            time.sleep(1 if ON429 == "hurry" else wait)

    def attempt(self, body):
        """Seconds to wait before the next one; None where none is needed."""
        url = f"/openai/deployments/{DEPLOYMENT}/chat/completions?api-version={VERSION}"
        headers = {"api-key": KEY, "user-agent": f"locust-{NAME}"}
        begun = time.perf_counter()
        with self.client.post(
            url, json=body, headers=headers, stream=body["stream"], name="chat", catch_response=True
        ) as response:
            if response.status_code == 429:
                # Read to its end: else the connection could not be used again.
                _ = response.content
                response.failure("429")
                return float(response.headers.get("retry-after-ms", 1000)) / 1000
            if response.status_code >= 400 or response.status_code == 0:
                response.failure(f"{response.status_code}: {response.text[:200]}")
                return None
            if body["stream"]:
                self.read(response, begun)
            else:
                response.success()
        return None

    def read(self, response, begun):
        """To its end; the time to the first token and to the end are rows of their own."""
        first = None
        is_whole = False
        for line in response.iter_lines():
            if not line.startswith(b"data: "):
                continue
            if line == b"data: [DONE]":
                is_whole = True
            elif first is None and b'"content":' in line:
                first = time.perf_counter() - begun
        if not is_whole:
            response.failure("the stream ended without [DONE]")
            return
        response.success()
        for name, seconds in (("first token", first), ("whole stream", time.perf_counter() - begun)):
            if seconds is not None:
                self.environment.events.request.fire(
                    request_type="SSE",
                    name=name,
                    response_time=1000 * seconds,
                    response_length=0,
                    exception=None,
                    context={},
                )
