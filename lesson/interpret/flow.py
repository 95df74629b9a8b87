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

    attentions: for each layer (..., T, T), the lowest first, heads averaged
    Returns (..., T, T); rows do not sum to 1. Raises ValueError for a batch with more than two layers.
    """
    return flow_through([with_residual(attention) for attention in attentions])


def flow_through(pipes: Sequence[np.ndarray]) -> np.ndarray:
    """Give how much can flow from each top node to each bottom node of a net in storeys.

        two storeys: flow_ts = sum_m min(upper_tm, lower_ms), for the ways share no pipe

    pipes: capacities (..., T_l, T_l-1) between two storeys, the lowest first        Returns (..., T, S).
    Slow above two storeys, a graph search for every pair: one short text. Raises ValueError for a batch there.
    """
    pipes = [np.asarray(pipe, float) for pipe in pipes]
    if not pipes or (len(pipes) > 2 and pipes[0].ndim != 2):
        raise ValueError(f"wanted attention (T, T) of a layer at least, got {[pipe.shape for pipe in pipes]}")
    if len(pipes) == 1:
        return pipes[0]
    if len(pipes) == 2:
        lower, upper = pipes
        return np.minimum(upper[..., :, :, np.newaxis], lower[..., np.newaxis, :, :]).sum(axis=-2)
    starts = np.cumsum([0, pipes[0].shape[1], *(len(pipe) for pipe in pipes)])
    capacity = np.zeros((starts[-1],) * 2)
    for below, (number, pipe) in zip(starts, enumerate(pipes, start=1), strict=False):
        capacity[starts[number] : starts[number + 1], below : starts[number]] = pipe
    return np.array([[max_flow(capacity, t, s) for s in range(starts[1])] for t in range(starts[-2], starts[-1])])


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
