"""Asks what the verdict is given on, with the retries that the openai package has by itself."""

import json
import os
from concurrent.futures import ThreadPoolExecutor

from openai import OpenAI, OpenAIError

client = OpenAI(api_key=os.environ["VERDICT_KEY"], base_url=os.environ["VERDICT_ENDPOINT"] + "/openai/v1")


def ask(question: str) -> None:
    try:
        client.chat.completions.create(
            model="gpt-4o", max_tokens=5, messages=[{"role": "user", "content": question}]
        )
    except OpenAIError:
        pass


def read(question: str) -> None:
    messages = [{"role": "user", "content": question}]
    for _ in client.chat.completions.create(model="gpt-4o", max_tokens=20, messages=messages, stream=True):
        pass


for question in json.loads(os.environ["VERDICT_EASY"]):
    ask(question)
with ThreadPoolExecutor(max_workers=50) as pool:
    for question in json.loads(os.environ["VERDICT_QUESTIONS"]):
        pool.submit(ask, question)
    for question in json.loads(os.environ["VERDICT_STREAMED"]):
        pool.submit(read, question)
