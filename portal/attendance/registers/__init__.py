"""The register of a lesson: its rows, recording, undoing, storage. The reference for other features."""
