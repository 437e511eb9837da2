"""Requests of who has no sign-in: asked on a public page, followed by a link, and the same for whoever asks."""
