"""Finding out at the desk whose a request is that came without a sign-in, and that nothing is held of her."""
