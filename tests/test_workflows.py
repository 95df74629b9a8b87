"""The workflows, read as GitHub and GitLab would: pinned, allowed only what they need, and make knows what they ask."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

pytestmark = pytest.mark.native
ROOT = Path(__file__).parents[1]
#: YAML takes the key `on` for a truth
WORKFLOWS = {path.stem: yaml.safe_load(path.read_text()) for path in (ROOT / ".github/workflows").glob("*.yml")}
JOBS = {f"{name}-{job}": made for name, workflow in WORKFLOWS.items() for job, made in workflow["jobs"].items()}
STEPS = [(job, step) for job, made in JOBS.items() for step in made["steps"]]
over_jobs = pytest.mark.parametrize("job", JOBS)
#: all that any job may do, and only these jobs more than to read
WRITES = {"publish-deploy": {"pages": "write", "id-token": "write"}}


def make_commands():
    scripts = [step["run"] for _, step in STEPS if "run" in step]
    scripts += yaml.safe_load((ROOT / ".gitlab-ci.yml").read_text())["pages"]["script"]
    scripts.append((ROOT / ".ci/run").read_text())
    begun = re.compile(r"(?:^|&& |\) |exec )(make [a-z][a-z-]*)", re.MULTILINE)
    return sorted({found for script in scripts for found in begun.findall(script)})


def permissions(name, job):
    return JOBS[job].get("permissions", WORKFLOWS[name].get("permissions"))


def test_there_are_a_workflow_that_tests_and_one_that_publishes():
    assert set(WORKFLOWS) == {"test", "publish"}
    assert WORKFLOWS["publish"][True] == {"push": {"branches": ["main"]}}


@pytest.mark.parametrize("used", sorted({step["uses"] for _, step in STEPS if "uses" in step}))
def test_an_action_is_pinned_to_a_commit(used):
    assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", used)


@over_jobs
def test_a_job_may_do_no_more_than_it_needs(job):
    allowed = permissions(job.split("-")[0], job)
    assert allowed == WRITES.get(job, {"contents": "read"})


@over_jobs
def test_a_job_ends_and_leaves_no_credentials_behind(job):
    checkouts = [step for one, step in STEPS if one == job and step.get("uses", "").startswith("actions/checkout@")]
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)
    assert 0 < JOBS[job]["timeout-minutes"] <= 60


@over_jobs
def test_nothing_that_others_write_gets_into_a_script(job):
    for one, step in STEPS:
        assert one != job or "${{" not in step.get("run", ""), "a branch's name would be run"


def test_what_runs_in_a_container_without_tools_brings_them():
    """Debian's image has neither: a checkout without git is no repository, and a venv needs its own package."""
    first, *rest = JOBS["test-engines"]["steps"]
    assert {"ca-certificates", "git", "make", "python3-venv"} <= set(first["run"].split())
    assert rest[-1] == {"run": "make engines"}


@pytest.mark.parametrize("command", make_commands())
def test_make_knows_what_a_workflow_asks(command):
    done = subprocess.run([*command.split(), "--dry-run"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Nothing to be done" not in done.stdout, "a target of that name is only declared"


def test_they_ask_make():
    assert {"make test", "make build", "make engines"} <= set(make_commands())


def test_what_is_published_was_tested_and_is_the_site():
    build, deploy = (WORKFLOWS["publish"]["jobs"][name] for name in ("build", "deploy"))
    test, upload = build["steps"][-2:]
    assert test["run"].endswith("make test")
    assert upload["with"] == {"path": "build/site"}
    assert deploy["needs"] == "build"
