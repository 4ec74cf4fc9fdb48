"""What the openai package makes of each fault: one line of JSON each, `[fault, streamed, whole]`.

Reads from its input what the test asks for: the text and the arguments that are said, and the rule of each fault.
"""

import json
import os
import sys
import urllib.request

from openai import AzureOpenAI

ENDPOINT = os.environ["AZURE_OPENAI_ENDPOINT"]
KEY = os.environ["AZURE_OPENAI_API_KEY"]

client = AzureOpenAI(azure_endpoint=ENDPOINT, api_key=KEY, api_version="2024-10-21", max_retries=0)
asked = json.load(sys.stdin)
question = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hello"}]}


def set_rule(rule):
    request = urllib.request.Request(
        f"{ENDPOINT}/++/rules",
        json.dumps([rule]).encode(),
        {"api-key": KEY, "content-type": "application/json"},
        method="PUT",
    )
    urllib.request.urlopen(request).read()


def text_told(text):
    if text in (asked["said"], "Hi."):
        return "the text"
    if text == "":
        return "nothing"
    return "a part of the text" if asked["said"].startswith(text) else "another text"


def arguments_told(text):
    if text == "":
        return "nothing"
    try:
        return "the arguments" if json.loads(text) == asked["told"] else "other arguments"
    except ValueError:
        return "arguments that are no JSON"


def outcome(got, error, is_of_calls):
    told = arguments_told(got["input"]) if is_of_calls else text_told(got["text"])
    end = f"throws {type(error).__name__}" if error else got["finish"] or "no finish reason"
    return f"{told}, {end}"


def streamed(is_of_calls):
    got = {"text": "", "input": "", "finish": None}
    try:
        for chunk in client.chat.completions.create(**question, stream=True):
            for choice in chunk.choices:
                got["text"] += choice.delta.content or ""
                for call in choice.delta.tool_calls or []:
                    got["input"] += call.function.arguments or ""
                got["finish"] = choice.finish_reason or got["finish"]
        return outcome(got, None, is_of_calls)
    except Exception as error:
        return outcome(got, error, is_of_calls)


def whole(is_of_calls):
    got = {"text": "", "input": "", "finish": None}
    try:
        answer = client.chat.completions.create(**question)
        if isinstance(answer, str):
            return "a page in place of an answer"
        choice = answer.choices[0]
        got["text"] = choice.message.content or ""
        got["input"] = choice.message.tool_calls[0].function.arguments if choice.message.tool_calls else ""
        got["finish"] = choice.finish_reason
        return outcome(got, None, is_of_calls)
    except Exception as error:
        return outcome(got, error, is_of_calls)


for fault, rule in asked["rules"]:
    is_of_calls = "toolCalls" in rule["then"]
    set_rule(rule)
    print(json.dumps([fault, streamed(is_of_calls), whole(is_of_calls)]), flush=True)
