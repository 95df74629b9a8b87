"""The learner's edition: it starts, runs to its end, and says "not yet" where an answer is still wanted."""


def text_of(cell: dict) -> str:
    texts = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell["outputs"]]
    return "".join("".join(text) for text in texts)


def test_untouched_it_runs_to_the_end_and_each_check_says_not_yet(lab, notebook):
    lab.open(notebook.name)
    cells = lab.run_all()
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert all(cell["execution_count"] for cell in code)
    assert not [output for cell in code for output in cell["outputs"] if output["output_type"] == "error"]
    checks = [cell for cell in code if "check" in cell["metadata"].get("tags", [])]
    assert checks
    assert [text_of(cell) for cell in checks if "not yet" not in text_of(cell).lower()] == []


def test_an_answer_typed_into_it_is_judged_at_once(lab, notebook, committed):
    lab.open(notebook.name)
    cells = lab.run_all()
    answers = {cell["id"]: cell["source"] for cell in committed.cells if "exercise" in cell.metadata.get("tags", [])}
    for index, cell in enumerate(cells):
        if cell["id"] in answers:
            lab.set_source(index, answers[cell["id"]])
    judged = [cell for cell in lab.run_all() if "check" in cell["metadata"].get("tags", [])]
    assert judged
    assert [text_of(cell) for cell in judged if "not yet" in text_of(cell).lower()] == []
