"""Addresses of what readers answer."""

from django.urls import path

from comments import block_views, flag_views, reading_views, rules_views, views, writing_views

urlpatterns = [
    path("article/<int:pk>/reaction/", views.reaction, name="reaction"),
    path("likes/", views.likes, name="likes"),
    path("article/<int:pk>/comments/", writing_views.post_comment, name="post_comment"),
    path("comment/<int:pk>/", reading_views.permalink, name="comment"),
    path("comment/<int:pk>/thread/", reading_views.thread, name="comment_thread"),
    path("comment/<int:pk>/answer/", writing_views.answer, name="answer_comment"),
    path("comment/<int:pk>/edit/", writing_views.edit, name="edit_comment"),
    path("comment/<int:pk>/delete/", writing_views.delete, name="delete_comment"),
    path("comment/<int:pk>/restore/", writing_views.restore, name="restore_comment"),
    path("comment/<int:pk>/vote/", writing_views.vote, name="vote_on_comment"),
    path("comment/<int:pk>/flag/", flag_views.flag_comment, name="flag_comment"),
    path("reader/<int:pk>/block/", block_views.block_reader, name="block_reader"),
    path("settings/readers/", block_views.blocked_readers, name="blocked_readers"),
    path("rules/", rules_views.comment_rules, name="comment_rules"),
    path("comments/mine/", reading_views.mine, name="my_comments"),
]
