"""What the CACAO 2.0 schemas of OASIS demand of the steps of a playbook and of the playbook itself."""

import re
from collections.abc import Mapping

from playbooks import shape_tables as part
from playbooks.shapes import Entries, Fields, Items, Number, Rule, Text

ID, TEXT, ARGUMENTS = part.IDENTIFIER, part.TEXT, part.SOME_TEXTS
STEP: Mapping[str, Rule] = {
    "name": TEXT,
    "description": TEXT,
    "external_references": part.SOME_REFERENCES,
    "delay": Number(1),
    "timeout": Number(),
    "step_variables": part.VARIABLES,
    "owner": ID,
    "on_completion": ID,
    "on_success": ID,
    "on_failure": ID,
    "step_extensions": part.EXTENSIONS,
}
CASE = re.compile(rf"(action|end|if-condition|parallel|playbook|start|switch-condition|while-condition)--{part.UUID}\Z")


def _step(kind: str, more: Mapping[str, Rule], *required: str, forbidden: tuple[str, ...] = ()) -> Fields:
    return Fields({**STEP, "type": Text((kind,)), **more}, ("type", *required), forbidden)


STEPS: Mapping[str, Fields] = {
    "start": _step("start", {}, forbidden=("on_success", "on_failure")),
    "end": _step("end", {}, forbidden=("on_completion", "on_success", "on_failure")),
    "action": _step(
        "action",
        {
            "commands": Items(part.COMMAND, 1),
            "agent": ID,
            "targets": Items(ID, 1),
            "in_args": ARGUMENTS,
            "out_args": ARGUMENTS,
        },
        "commands",
        "agent",
    ),
    "playbook-action": _step(
        "playbook-action",
        {"playbook_id": ID, "playbook_version": part.MOMENT, "in_args": ARGUMENTS, "out_args": ARGUMENTS},
        "playbook_id",
    ),
    "parallel": _step("parallel", {"next_steps": Items(ID, 2)}, "next_steps"),
    "if-condition": _step("if-condition", {"condition": TEXT, "on_true": ID, "on_false": ID}, "condition", "on_true"),
    "while-condition": _step("while-condition", {"condition": TEXT, "on_true": ID}, "condition", "on_true"),
    "switch-condition": _step(
        "switch-condition",
        {"switch": TEXT, "cases": Entries([(re.compile(""), Text(pattern=CASE))])},
        "switch",
        "cases",
    ),
}
STEP_ID = re.compile(rf"\A({'|'.join(STEPS)})--{part.UUID}\Z")
SUMMARY = Fields(
    dict.fromkeys(
        (
            "manual_playbook",
            "external_playbooks",
            "parallel_processing",
            "if_logic",
            "while_logic",
            "switch_logic",
            "temporal_logic",
            "data_markings",
            "digital_signatures",
            "countersigned_signatures",
            "extensions",
        ),
        part.TRUTH,
    )
)
PLAYBOOK = Fields(
    {
        "type": Text(("playbook",)),
        "spec_version": Text(("cacao-2.0",)),
        "id": ID,
        "name": TEXT,
        "description": TEXT,
        "playbook_types": part.TEXTS,
        "playbook_activities": part.SOME_TEXTS,
        "playbook_processing_summary": SUMMARY,
        "created_by": ID,
        "created": part.MOMENT,
        "modified": part.MOMENT,
        "revoked": part.TRUTH,
        "valid_from": part.MOMENT,
        "valid_until": part.MOMENT,
        "derived_from": Items(ID, 1),
        "related_to": Items(ID, 1),
        "priority": part.PERCENTAGE,
        "severity": part.PERCENTAGE,
        "impact": part.PERCENTAGE,
        "industry_sectors": part.SOME_TEXTS,
        "labels": part.SOME_TEXTS,
        "external_references": part.SOME_REFERENCES,
        "markings": Items(ID, 1),
        "playbook_variables": part.VARIABLES,
        "workflow_start": ID,
        "workflow_exception": ID,
        "workflow": Entries(),
        "playbook_extensions": part.EXTENSIONS,
        "authentication_info_definitions": part.LOGINS,
        "agent_definitions": part.AGENTS,
        "target_definitions": part.AGENTS,
        "extension_definitions": Entries([(re.compile(rf"\Aextension-definition--{part.UUID}\Z"), part.EXTENSION)]),
        "data_marking_definitions": part.MARKINGS,
        "signatures": Items(part.SIGNATURE, 1),
    },
    (
        "type",
        "spec_version",
        "id",
        "name",
        "created_by",
        "created",
        "modified",
        "workflow_start",
        "workflow",
    ),
)
