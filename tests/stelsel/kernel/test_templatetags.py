"""The building blocks of pages: what people read, where a link leads, and what a screen reader is told."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from stelsel.kernel.templatetags.stelsel import span

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def draw(source: str, *, path: str = "/cases", **context: object) -> str:
    context["request"] = RequestFactory().get(path)
    with override("en"):
        return Template("{% load stelsel %}" + source).render(Context(context))


class Report(forms.Form):
    what = forms.CharField(label="What happened", help_text="Facts only.", widget=forms.Textarea)
    line = forms.ChoiceField(label="Line", choices=[("d", "Direct"), ("i", "Indirect")], widget=forms.RadioSelect)
    since = forms.DateField(label="Since", required=False)
    at = forms.DateTimeField(label="Moment", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


class Filter(forms.Form):
    state = forms.CharField(required=False)


def test_an_icon_without_a_label_is_hidden_from_screen_readers() -> None:
    assert 'aria-hidden="true"' in draw('{% icon "shield-check" %}')


def test_an_icon_with_a_label_is_named() -> None:
    assert 'role="img" aria-label="Safe"' in draw('{% icon "shield-check" label="Safe" %}')


def test_an_unknown_icon_fails_at_once() -> None:
    with pytest.raises(KeyError):
        draw('{% icon "no-such-drawing" %}')


@pytest.mark.parametrize("state", ["neutral", "info", "ok", "warning", "danger"])
def test_a_badge_carries_words_and_an_icon_beside_its_colour(state: str) -> None:
    drawn = draw("{% badge state 'In force' %}", state=state)

    assert "In force" in drawn
    assert "<svg" in drawn


def test_a_badge_refuses_a_state_nobody_defined() -> None:
    with pytest.raises(KeyError):
        draw("{% badge 'purple' 'In force' %}")


@pytest.mark.parametrize(
    ("left", "state", "words"),
    [
        (timedelta(days=3), "far", "3 days left"),
        (timedelta(hours=24), "near", "24 hours left"),
        (timedelta(hours=24, seconds=1), "far", "24 hours left"),
        (timedelta(0), "near", "0 minutes left"),
        (-timedelta(minutes=1), "past", "1 minute late"),
        (-timedelta(days=2), "past", "2 days late"),
    ],
)
def test_a_clock_says_in_words_what_its_colour_says(left: timedelta, state: str, words: str) -> None:
    drawn = draw("{% due at now %}", at=NOON + left, now=NOON)

    assert f"clock--{state}" in drawn
    assert words in drawn


def test_a_clock_without_a_date_says_so() -> None:
    assert "no date set" in draw("{% due at now %}", at=None, now=NOON)


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=3650)))
def test_a_longer_time_is_never_said_as_a_shorter_one(length: timedelta) -> None:
    minutes = {"minute": 1, "hour": 60, "day": 1440}
    with override("en"):
        count, unit = span(length).split(" ")
    said = timedelta(minutes=int(count) * minutes[unit.rstrip("s")])

    assert said <= length < said + timedelta(minutes=minutes[unit.rstrip("s")])


def test_moments_are_written_as_the_dutch_do_in_local_time() -> None:
    drawn = draw("{{ at|moment }}", at=NOON)

    assert ">02-03-2026 13:00<" in drawn
    assert 'datetime="2026-03-02T13:00:00+01:00"' in drawn


def test_days_are_written_as_the_dutch_do() -> None:
    assert draw("{{ on|day }}", on=date(2026, 3, 2)) == '<time datetime="2026-03-02">02-03-2026</time>'


def test_no_moment_is_a_dash() -> None:
    assert draw("{{ at|moment }}{{ at|day }}", at=None) == "&ndash;&ndash;"


def test_a_field_is_tied_to_its_label_help_and_error() -> None:
    form = Report({"line": "d", "version": "1"})

    drawn = draw("{% field form.what %}", form=form)

    assert '<label class="utrecht-form-label" for="id_what"' in drawn
    assert 'aria-describedby="id_what_error id_what_help"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert 'id="id_what_error"' in drawn
    assert 'id="id_what_help"' in drawn


def test_the_error_summary_leads_to_each_field_also_to_the_first_choice_of_a_group() -> None:
    drawn = draw("{% form_errors form %}", form=Report({"version": "1"}))

    assert 'href="#id_what"' in drawn
    assert 'href="#id_line_0"' in drawn


def test_an_error_of_a_hidden_field_is_told_in_the_summary() -> None:
    drawn = draw("{% form_errors form %}", form=Report({"what": "x", "line": "d", "version": "x"}))

    assert "Enter a whole number." in drawn


def test_a_form_without_errors_has_no_summary() -> None:
    assert draw("{% form_errors form %}", form=Report()).strip() == ""


def test_optional_fields_are_marked_and_required_ones_are_not() -> None:
    form = Report()

    assert "(optional)" in draw("{% field form.since %}", form=form)
    assert "(optional)" not in draw("{% field form.what %}", form=form)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_date_pickers_carry_iso_values_in_every_language(language: str) -> None:
    form = Report(initial={"since": date(2026, 3, 2), "at": datetime(2026, 3, 2, 13, 5)})
    with override(language):
        drawn = Template("{% load stelsel %}{% field form.since %}{% field form.at %}").render(Context({"form": form}))

    assert 'type="date"' in drawn
    assert 'value="2026-03-02"' in drawn
    assert 'value="2026-03-02T13:05"' in drawn


def test_what_was_typed_stays_in_a_refused_form() -> None:
    form = Report({"what": "Seen <twice>", "since": "2026-13-40"})

    drawn = draw("{% post_form form submit='Save' %}", form=form, csrf_token="token")

    assert "Seen &lt;twice&gt;" in drawn
    assert 'value="2026-13-40"' in drawn
    assert 'name="csrfmiddlewaretoken" value="token"' in drawn


def test_clear_shows_only_while_a_filter_is_on() -> None:
    source = "{% filter_bar form %}"

    assert "filters__clear" not in draw(source, path="/cases?sort=due", form=Filter(QueryDict("sort=due")))
    assert "filters__clear" in draw(source, path="/cases?state=open", form=Filter(QueryDict("state=open")))


def test_a_filter_keeps_the_order_and_drops_the_place_in_the_list() -> None:
    drawn = draw("{% filter_bar form %}", path="/cases?sort=due&after=17", form=Filter())

    assert '<input type="hidden" name="sort" value="due">' in drawn
    assert "after" not in drawn


def test_a_heading_turns_the_order_round_and_keeps_the_filter() -> None:
    source = "{% sort_header 'Due' 'due' %}"

    assert 'href="/cases?state=open&amp;sort=due"' in draw(source, path="/cases?state=open&after=17")
    assert 'href="/cases?sort=-due"' in draw(source, path="/cases?sort=due")
    assert 'aria-sort="descending"' in draw(source, path="/cases?sort=-due")


def test_pages_keep_the_filter_and_show_no_way_to_nowhere() -> None:
    drawn = draw("{% pagination after='17' size=50 %}", path="/cases?state=open")

    assert 'href="/cases?state=open&amp;after=17"' in drawn
    assert 'rel="prev"' not in drawn


def test_short_lists_are_paged_by_number() -> None:
    page = Paginator(range(60), 25).page(2)

    drawn = draw("{% pages page %}", page=page)

    assert "page=1" in drawn
    assert "page=3" in drawn
    assert "Page 2 of 3" in drawn


def test_an_empty_table_says_what_would_be_there() -> None:
    source = "{% data_table caption='Cases' rows=rows empty='Your cases appear here.' %}<tbody>{% enddata_table %}"

    assert "Your cases appear here." in draw(source, rows=[])
    assert "<caption" in draw(source, rows=[1])


def test_an_act_that_may_not_be_done_shows_why_and_no_door() -> None:
    drawn = draw("{% act 'Adopt' url='/adopt' why_not='You made it yourself.' %}")

    assert "You made it yourself." in drawn
    assert "/adopt" not in drawn


def test_a_conflict_shows_both_versions_and_marks_the_difference() -> None:
    rows = [("Reason", "mine", "theirs"), ("Kind", "same", "same")]

    drawn = draw("{% conflict rows changed_by='A. Clerk' changed_at=at %}", rows=rows, at=NOON)

    assert "mine" in drawn
    assert "theirs" in drawn
    assert drawn.count("conflict__row") == 1


@pytest.mark.parametrize(("done", "polls"), [(False, True), (True, False)])
def test_progress_asks_again_until_it_is_done(*, done: bool, polls: bool) -> None:
    drawn = draw("{% progress title='Plan' url='/run' percent=142 text='best 3' done=done %}", done=done)

    assert ("hx-get" in drawn) is polls
    assert 'value="100"' in drawn


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_bar_is_a_number_for_the_browser_and_words_for_people(language: str) -> None:
    with override(language):
        drawn = Template("{% load stelsel %}{% bar 'Intent' value=0.5 text='0,50' %}").render(Context())

    assert 'value="0.5000"' in drawn
    assert "0,50" in drawn


def test_a_checklist_says_what_is_missing() -> None:
    items = [{"label": "Risk file", "done": True}, {"label": "Household", "done": False}]

    drawn = draw("{% checklist items %}", items=items)

    assert drawn.count("present") == 1
    assert drawn.count("missing") == 1


def test_content_of_people_is_escaped_in_every_block() -> None:
    source = (
        "{% card title=bad %}{{ bad }}{% endcard %}"
        "{% facts %}{% fact bad %}{{ bad }}{% endfact %}{% endfacts %}"
        "{% alert title=bad %}{{ bad }}{% endalert %}{% badge 'ok' bad %}{% person bad number=bad %}"
        "{% timeline items empty=bad %}{% empty_state bad %}"
    )

    drawn = draw(source, bad="<script>", items=[{"at": NOON, "title": "<script>", "text": "<script>"}])

    assert "<script>" not in drawn
