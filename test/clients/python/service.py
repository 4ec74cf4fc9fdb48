"""What the checks of all clients share: what to ask for, and a deployment that refuses.

Endpoint and key are in the environment, as they are for an application, in the variables that each client reads.
"""

import io
import os
import wave
from enum import Enum

from pydantic import BaseModel

ENDPOINT = os.environ["AZURE_OPENAI_ENDPOINT"]
KEY = os.environ["AZURE_OPENAI_API_KEY"]
LIMITED = "limited"
"""A deployment that takes one request in ten seconds."""

HELLO = [{"role": "user", "content": "Say hello."}]


class Day(str, Enum):
    MONDAY = "Monday"
    TUESDAY = "Tuesday"


class Event(BaseModel):
    title: str
    day: Day
    guests: list[str]


WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "Tells the weather.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
            "additionalProperties": False,
        },
    },
}


def sound(seconds: int) -> tuple[str, bytes, str]:
    """A silence, as a file to upload."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(16_000)
        writer.writeframes(bytes(2 * 16_000 * seconds))
    return ("silence.wav", file.getvalue(), "audio/wav")


def size_of_png(data: bytes) -> tuple[int, int]:
    assert data[:8] == b"\x89PNG\r\n\x1a\n", data[:8]
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
