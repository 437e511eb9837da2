"""The draft of the school's impact assessment, made from its policy, as a page and a PDF; and recording its day."""
