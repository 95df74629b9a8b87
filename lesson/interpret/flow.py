"""Attention as a net of pipes: how much can run from an output down to an input?"""

from collections import deque
from collections.abc import Sequence

import numpy as np

from lesson.interpret.rollout import with_residual


def max_flow(capacity: np.ndarray, source: int, sink: int) -> float:
    """Find how much can run from one node to another, no pipe carrying more than it can.

        while a path has room left: send as much as its narrowest pipe takes, along the shortest such path
                                                                            Edmonds & Karp 1972

    capacity (N, N): from row to column, not negative        Returns the flow.

    >>> max_flow(np.array([[0.0, 3.0, 1.0], [0.0, 0.0, 2.0], [0.0, 0.0, 0.0]]), 0, 2)
    3.0
    """
    room, total = np.array(capacity, float), 0.0
    if source == sink or room.ndim != 2 or room.shape[0] != room.shape[1] or (room < 0).any():
        raise ValueError(f"wanted capacities (N, N), none negative, and two nodes, got {room.shape}, {source}, {sink}")
    while (path := _shortest_path(room, source, sink)) is not None:
        steps = (path[:-1], path[1:])
        sent = room[steps].min()
        room[steps] -= sent
        room[steps[::-1]] += sent
        total += float(sent)
    return total


def attention_flow(attentions: Sequence[np.ndarray]) -> np.ndarray:
    """Give how much can flow from each position of the top layer down to each input, attention weights being the pipes.

        flow_ts = max flow from (t, layer L) to (s, layer 0), capacities A_l with the residual
                                                                            Abnar & Zuidema 2020, section 3

    attentions: for each layer (T, T), the lowest first, heads averaged        Returns (T, T); rows do not sum to 1.
    Slow, a graph search for every pair of positions: for one short text. Raises ValueError for a batch.
    """
    pipes = [with_residual(attention) for attention in attentions]
    if not pipes or pipes[0].ndim != 2:
        raise ValueError(f"wanted attention (T, T) of a layer at least, got {[pipe.shape for pipe in pipes]}")
    length, layers = len(pipes[0]), len(pipes)
    capacity = np.zeros((length * (layers + 1),) * 2)
    for number, pipe in enumerate(pipes):
        upper, lower = (slice(length * level, length * (level + 1)) for level in (number + 1, number))
        capacity[upper, lower] = pipe
    top = length * layers
    return np.array([[max_flow(capacity, top + t, s) for s in range(length)] for t in range(length)])


def _shortest_path(room: np.ndarray, source: int, sink: int) -> np.ndarray | None:
    came_from, waiting = {source: source}, deque([source])
    while waiting and sink not in came_from:
        node = waiting.popleft()
        # Less than rounding leaves behind is no room: else a path of nothing would be followed again and again.
        for neighbour in np.flatnonzero(room[node] > 1e-12).tolist():
            if neighbour not in came_from:
                came_from[neighbour] = node
                waiting.append(neighbour)
    if sink not in came_from:
        return None
    path = [sink]
    while path[-1] != source:
        path.append(came_from[path[-1]])
    return np.array(path[::-1])
