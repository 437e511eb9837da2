"""What happened for whoever asks, since she last looked: with names as far as she may see them today."""
