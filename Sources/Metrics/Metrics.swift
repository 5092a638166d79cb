// The arithmetic of evidence.
