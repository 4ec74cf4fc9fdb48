"""Fixtures for pytest: a simulator for the whole run, and a session for each test."""

from __future__ import annotations

from typing import Iterator

import pytest

from aoai_simulator import Session, Simulator, start_simulator


@pytest.fixture(scope="session")
def aoai_simulator() -> Iterator[Simulator]:
    """A simulator for the whole run."""
    with start_simulator() as simulator:
        yield simulator


@pytest.fixture
def aoai_session(aoai_simulator: Simulator, request: pytest.FixtureRequest) -> Iterator[Session]:
    """A simulated resource for one test, which no other test meets."""
    with aoai_simulator.session(name=request.node.nodeid[-200:]) as session:
        yield session
