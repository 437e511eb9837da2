"""What the portal does by a policy, told in sentences to the school: `portal policy explain`."""
