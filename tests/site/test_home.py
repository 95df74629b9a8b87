"""The front page: what the course is, and a way into every lesson."""

from urllib.parse import quote


def test_it_leads_to_every_lesson(lab, notebook):
    response = lab.page.goto(lab.url)
    assert response.ok
    assert lab.page.title() == "Transformers by Hand"
    link = lab.page.locator(f"a[href$='path={quote(notebook.name)}']")
    assert link.count() == 1
    link.click()
    lab.wait(120)
    assert lab.cells()


def test_it_fits_a_phone(lab):
    lab.page.set_viewport_size({"width": 320, "height": 640})
    lab.page.goto(lab.url)
    assert lab.page.evaluate("() => document.documentElement.scrollWidth") <= 320
