"""Tests of applications of Azure OpenAI against aoai-simulated-api: simulators, sessions, rules and expectations."""

from __future__ import annotations

import json
import os
import secrets
import shlex
import shutil
import subprocess
import threading
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Mapping, Sequence, TypeVar

__all__ = [
    "ControlError",
    "ExpectationError",
    "Session",
    "Simulator",
    "connect",
    "start_simulator",
]

Json = Mapping[str, Any]
API_VERSION = "2024-10-21"


class ControlError(Exception):
    """What the simulator refused, in its words, with every problem."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class ExpectationError(AssertionError):
    """The requests that were made are not those that were expected; `seen` has what came nearest."""

    def __init__(self, message: str, seen: Json) -> None:
        super().__init__(message)
        self.seen = seen


W = TypeVar("W", bound="World")


class World:
    """A simulated resource: where it is, and what a test may do with it. `with` leaves it at its end."""

    def __init__(self, endpoint: str, api_key: str) -> None:
        self.endpoint = endpoint.rstrip("/")
        self.api_key = api_key

    def __enter__(self: W) -> W:
        return self

    def __exit__(self, *_: object) -> None:
        self._leave()

    def _leave(self) -> None:
        raise NotImplementedError

    @property
    def azure(self) -> dict[str, str]:
        """For `AzureOpenAI(**session.azure)`."""
        return {"azure_endpoint": self.endpoint, "api_key": self.api_key, "api_version": API_VERSION}

    @property
    def openai(self) -> dict[str, str]:
        """For `OpenAI(**session.openai)`: the v1 API."""
        return {"base_url": f"{self.endpoint}/openai/v1", "api_key": self.api_key}

    @property
    def env(self) -> dict[str, str]:
        """The variables that clients read by themselves."""
        return {
            "AZURE_OPENAI_ENDPOINT": self.endpoint,
            "AZURE_OPENAI_API_KEY": self.api_key,
            "OPENAI_API_VERSION": API_VERSION,
            "OPENAI_BASE_URL": f"{self.endpoint}/openai/v1",
            "OPENAI_API_KEY": self.api_key,
        }

    def add_rule(self, rule: Json, *, first: bool = False) -> dict[str, Any]:
        """Adds a rule behind the others, or before them; gives it with its id."""
        return self._ask("POST", "/rules?at=start" if first else "/rules", rule)

    def set_rules(self, rules: Sequence[Json]) -> list[dict[str, Any]]:
        """These, in place of all rules that there are."""
        return self._ask("PUT", "/rules", list(rules))["rules"]

    def change_rule(self, rule_id: str, part: Json) -> dict[str, Any]:
        return self._ask("PATCH", f"/rules/{urllib.parse.quote(rule_id)}", part)

    def remove_rule(self, rule_id: str) -> None:
        self._ask("DELETE", f"/rules/{urllib.parse.quote(rule_id)}")

    def rules(self) -> list[dict[str, Any]]:
        """The rules that there are, each with how often it was applied."""
        return self._ask("GET", "/rules")["rules"]

    def requests(self, **filters: Any) -> list[dict[str, Any]]:
        """The requests that were made, newest first: `status=429`, `rule="name"`, `body="text"`."""
        query = urllib.parse.urlencode(filters)
        return self._ask("GET", f"/requests?{query}")["requests"]

    def forget(self) -> None:
        """Forgets the requests that were made."""
        self._ask("DELETE", "/requests")

    def verdict(self) -> dict[str, Any]:
        """How callers behaved: `level`, `calls`, `attempts`, and `marks` with what to change."""
        return self._ask("GET", "/verdict")

    def expect(
        self, expected: Json | Sequence[Json], *, in_order: bool = False, within: str = "1s"
    ) -> dict[str, Any]:
        """Raises an `ExpectationError` unless the requests that were made are those that are expected."""
        expectations = [expected] if isinstance(expected, Mapping) else list(expected)
        body = {"expectations": expectations, "inOrder": in_order, "within": within}
        seen = self._ask("POST", "/requests/expect", body, allowed=417)
        if not seen["met"]:
            raise ExpectationError(_told(seen), seen)
        return seen

    def change(self, settings: Json) -> None:
        """Changes settings while it runs."""
        self._ask("PATCH", "/settings", settings)

    def timeline(self, action: str | None = None) -> dict[str, Any]:
        """Where the timeline is, after `start`, `stop` or `skip` where one of these is given."""
        return self._ask("GET", "/timeline") if action is None else self._ask("POST", f"/timeline/{action}")

    def _ask(self, method: str, path: str, body: Any = None, *, allowed: int | None = None) -> Any:
        request = urllib.request.Request(
            f"{self.endpoint}/++{path}",
            method=method,
            headers={"api-key": self.api_key, "content-type": "application/json"},
            data=None if body is None else json.dumps(body).encode(),
        )
        try:
            with _opener.open(request, timeout=90) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            text = error.read()
            if error.code == allowed:
                return json.loads(text)
            raise ControlError(error.code, _message(text) or f"{method} {path}: {error.code}") from None


class Session(World):
    """A resource for one test, which no other test meets."""

    def __init__(self, simulator: Simulator, made: Json) -> None:
        super().__init__(made["endpoint"], made["apiKey"])
        self.id: str = made["id"]
        self.name: str = made["name"]
        self._simulator = simulator

    def end(self) -> dict[str, Any]:
        """Ends it, and gives its counts."""
        ended = self._simulator._ask("DELETE", f"/sessions/{self.id}", allowed=404)
        return ended.get("counts", {"calls": 0, "statuses": {}})

    def _leave(self) -> None:
        self.end()


class Simulator(World):
    """One that runs: started here, or elsewhere."""

    def __init__(self, endpoint: str, api_key: str, process: subprocess.Popen[str] | None = None) -> None:
        super().__init__(endpoint, api_key)
        self._process = process

    def session(self, settings: Json | None = None, **more: Any) -> Session:
        """A new session, with any settings of a resource: `session(rules=[…])`."""
        return Session(self, self._ask("POST", "/sessions", {**(settings or {}), **more}))

    def stop(self) -> None:
        """Stops it where it was started here; one that runs elsewhere is left alone."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _leave(self) -> None:
        self.stop()


def connect(endpoint: str, api_key: str) -> Simulator:
    """One that runs already."""
    return Simulator(endpoint, api_key)


def start_simulator(command: Sequence[str] | None = None, *, config: str | None = None) -> Simulator:
    """Starts a simulator on a free port, or uses the one of `AOAI_SIMULATOR_URL`; `config` is a `sim.yaml`."""
    url = os.environ.get("AOAI_SIMULATOR_URL")
    if url and command is None:
        return connect(url, os.environ.get("AOAI_SIMULATOR_KEY", ""))
    key = secrets.token_hex(16)
    flags = ["start", "--port", "0", "--no-latency", *(["--config", config] if config else [])]
    process = subprocess.Popen(
        [*(command or _command()), *flags],
        env={**os.environ, "SIMULATOR_API_KEY": key},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    return Simulator(_endpoint(process), key, process)


def _command() -> list[str]:
    given = os.environ.get("AOAI_SIMULATOR_COMMAND")
    if given:
        return shlex.split(given)
    own = shutil.which("aoai-sim")
    return [own] if own else [shutil.which("npx") or "npx", "--yes", "aoai-simulated-api"]


def _endpoint(process: subprocess.Popen[str]) -> str:
    """As it is printed at the start. Whatever is printed later is read on, so that it is never held up."""
    assert process.stdout is not None and process.stderr is not None
    problems: list[str] = []
    reading = threading.Thread(target=lambda: problems.extend(process.stderr or []), daemon=True)
    reading.start()
    for line in process.stdout:
        found = [word for word in line.split() if word.startswith(("http://127.0.0.1:", "https://127.0.0.1:"))]
        if found:
            threading.Thread(target=lambda: list(process.stdout or []), daemon=True).start()
            return found[0].rstrip("/.,").split("/++")[0]
    process.wait()
    reading.join(timeout=5)
    raise RuntimeError("the simulator did not start:\n" + "".join(problems))


# A proxy of the machine has no part in what goes to the simulator.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _message(text: bytes) -> str | None:
    try:
        error = json.loads(text)["error"]
        details = [f"{each['path']}: {each['message']}" for each in error.get("details", [])]
        return "\n".join([error["message"], *details])
    except (ValueError, KeyError, TypeError):
        return None


def _told(seen: Json) -> str:
    lines = [seen["error"]["message"]]
    for number, each in enumerate(seen["expectations"], 1):
        for near in [] if each["met"] else each.get("nearest", []):
            differs = ", ".join(near["differs"])
            lines.append(f"  nearest to expectation {number}: {near['id']} differs in {differs}; found {near['found']}")
    return "\n".join(lines)
