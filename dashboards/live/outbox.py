"""What waits for one browser: at most 50 frames; a browser that falls behind gets one snapshot instead of a backlog."""

from collections import deque
from dataclasses import dataclass, field

LONGEST_QUEUE = 50
SLOW_SECONDS = 30.0


@dataclass
class Outbox:
    """Frames in order. Values in, values out; the socket shell takes and sends."""

    frames: deque[str] = field(default_factory=deque)
    resync: bool = False
    behind_since: float | None = None

    def offer(self, frame: str, now: float) -> None:
        """Add a frame. When the queue is full everything is dropped and a snapshot is due."""
        if self.behind_since is None:
            self.behind_since = now
        if self.resync:
            return
        if len(self.frames) >= LONGEST_QUEUE:
            self.frames.clear()
            self.resync = True
            return
        self.frames.append(frame)

    def take(self) -> str | None:
        """The next frame to send; None when there is none (look at `resync`)."""
        return self.frames.popleft() if self.frames else None

    def sent(self, now: float) -> None:
        """One frame was handed to the network; being behind ends when nothing waits."""
        self.behind_since = now if self.frames or self.resync else None

    def is_stuck(self, now: float) -> bool:
        """Whether the browser has taken nothing for 30 s: then we close and it comes back later."""
        return self.behind_since is not None and now - self.behind_since > SLOW_SECONDS
