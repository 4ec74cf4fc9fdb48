"""An application that is to be tested: it answers questions of customers, with a tool for refunds."""

import json

import openai

MODEL = "gpt-4o"
PARAMETERS = {"type": "object", "properties": {"order": {"type": "integer"}}, "required": ["order"]}
TOOLS = [{"type": "function", "function": {"name": "refund", "parameters": PARAMETERS}}]


def answer(client: openai.OpenAI, question: str):
    """The answer to a question, or which order is to be refunded."""
    messages = [
        {"role": "system", "content": "You are the help desk of a shop."},
        {"role": "user", "content": question},
    ]
    message = client.chat.completions.create(model=MODEL, tools=TOOLS, messages=messages).choices[0].message
    if message.tool_calls:
        return {"refund": json.loads(message.tool_calls[0].function.arguments)["order"]}
    return {"text": message.content}


def streamed(client: openai.OpenAI, question: str):
    """What has come of an answer, and whether it is whole."""
    text = ""
    try:
        messages = [{"role": "user", "content": question}]
        for chunk in client.chat.completions.create(model=MODEL, stream=True, messages=messages):
            text += (chunk.choices[0].delta.content or "") if chunk.choices else ""
        return {"text": text, "whole": True}
    except Exception:
        return {"text": text, "whole": False}
