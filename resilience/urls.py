from django.urls import path

from resilience import views

app_name = "resilience"
urlpatterns = [
    path("", views.worklist, name="worklist"),
    path("files/<uuid:file_id>", views.file, name="file"),
    path("files/<uuid:file_id>/about", views.about, name="about"),
    path("files/<uuid:file_id>/phase", views.phase, name="phase"),
    path("files/<uuid:file_id>/talks/new", views.plan, name="plan"),
    path("files/<uuid:file_id>/offers/new", views.offer, name="offer"),
    path("talks/<uuid:talk_id>", views.talk, name="talk"),
    path("talks/<uuid:talk_id>/move", views.move, name="move"),
    path("talks/<uuid:talk_id>/hold", views.hold, name="hold"),
    path("talks/<uuid:talk_id>/no-show", views.end, {"step": "miss"}, name="miss"),
    path("talks/<uuid:talk_id>/refusal", views.end, {"step": "refuse"}, name="refuse"),
    path("talks/<uuid:talk_id>/cancellation", views.end, {"step": "cancel"}, name="cancel"),
    path("talks/<uuid:talk_id>/follow-up", views.follow_up, name="follow_up"),
    path("offers/<uuid:offer_id>/answer", views.answer, name="answer"),
]
